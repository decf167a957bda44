/* SPDX-License-Identifier: MIT */
/* The switch on aarch64, AAPCS64: x19 to x30 and the low halves of v8 to v15
 * are the callee's to keep. `hint #34` is `bti c`, for processors that check
 * where indirect calls land. */

        .text
        .p2align 4
        .globl  cup_switch
        .hidden cup_switch
        .type   cup_switch, %function

/* void cup_switch(void **save_sp, void *load_sp) */
cup_switch:
        .cfi_startproc
        hint    #34
        sub     sp, sp, #160
        .cfi_adjust_cfa_offset 160
        stp     d8, d9, [sp, #0]
        stp     d10, d11, [sp, #16]
        stp     d12, d13, [sp, #32]
        stp     d14, d15, [sp, #48]
        stp     x19, x20, [sp, #64]
        .cfi_rel_offset x19, 64
        .cfi_rel_offset x20, 72
        stp     x21, x22, [sp, #80]
        .cfi_rel_offset x21, 80
        .cfi_rel_offset x22, 88
        stp     x23, x24, [sp, #96]
        .cfi_rel_offset x23, 96
        .cfi_rel_offset x24, 104
        stp     x25, x26, [sp, #112]
        .cfi_rel_offset x25, 112
        .cfi_rel_offset x26, 120
        stp     x27, x28, [sp, #128]
        .cfi_rel_offset x27, 128
        .cfi_rel_offset x28, 136
        stp     x29, x30, [sp, #144]
        .cfi_rel_offset x29, 144
        .cfi_rel_offset x30, 152
        mov     x9, sp
        str     x9, [x0]
        mov     sp, x1
        ldp     d8, d9, [sp, #0]
        ldp     d10, d11, [sp, #16]
        ldp     d12, d13, [sp, #32]
        ldp     d14, d15, [sp, #48]
        ldp     x19, x20, [sp, #64]
        ldp     x21, x22, [sp, #80]
        ldp     x23, x24, [sp, #96]
        ldp     x25, x26, [sp, #112]
        ldp     x27, x28, [sp, #128]
        ldp     x29, x30, [sp, #144]
        add     sp, sp, #160
        .cfi_adjust_cfa_offset -160
        .cfi_restore x19
        .cfi_restore x20
        .cfi_restore x21
        .cfi_restore x22
        .cfi_restore x23
        .cfi_restore x24
        .cfi_restore x25
        .cfi_restore x26
        .cfi_restore x27
        .cfi_restore x28
        .cfi_restore x29
        .cfi_restore x30
        ret
        .cfi_endproc
        .size   cup_switch, . - cup_switch

        .p2align 4
        .globl  cup_switch_entry
        .hidden cup_switch_entry
        .type   cup_switch_entry, %function

/* Where a fresh stack begins: x19 is the function, x20 its argument. Nobody
 * called it, which is what the unwind rule says. */
cup_switch_entry:
        .cfi_startproc
        .cfi_undefined x30
        hint    #34
        mov     x0, x20
        blr     x19
        brk     #1
        .cfi_endproc
        .size   cup_switch_entry, . - cup_switch_entry

        .section .note.GNU-stack, "", %progbits
