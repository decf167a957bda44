/* SPDX-License-Identifier: MIT */
/* The switch on x86-64, System V ABI. Only what a callee must keep is saved:
 * six registers. The floating-point control words stay as they are, since
 * nobody changes the rounding across a wait. It leaves by `jmp *%rcx`, because
 * a `ret` would be mispredicted each time: it never returns to its own call.
 *
 * The unwind rules hold on both stacks: what lies above the stack pointer has
 * the same shape on each. */

        .text
        .p2align 4
        .globl  cup_switch
        .hidden cup_switch
        .type   cup_switch, @function

/* void cup_switch(void **save_sp, void *load_sp) */
cup_switch:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r15, 0
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbp
        popq    %rcx
        .cfi_adjust_cfa_offset -8
        .cfi_register %rip, %rcx
        jmpq    *%rcx
        .cfi_endproc
        .size   cup_switch, . - cup_switch

        .p2align 4
        .globl  cup_switch_entry
        .hidden cup_switch_entry
        .type   cup_switch_entry, @function

/* Where a fresh stack begins: %r12 is the function, %r13 its argument. Nobody
 * called it, which is what the unwind rule says. */
cup_switch_entry:
        .cfi_startproc
        .cfi_undefined %rip
        endbr64
        movq    %r13, %rdi
        callq   *%r12
        ud2
        .cfi_endproc
        .size   cup_switch_entry, . - cup_switch_entry

        .section .note.GNU-stack, "", @progbits
