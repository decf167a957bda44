# SPDX-License-Identifier: MIT
"""gdb: `source cupel_tasks.py`, then `cupel-tasks`.

Lists the tasks of every loop: name, function, what each waits for and until
when, and where. A suspended task is its saved stack pointer, so in a live
process its backtrace is had by loading what it saved into the registers of the
selected thread for a moment. A core file has no registers to load: there, and
with `cupel-tasks frames`, the frame pointers are followed, which libcupel has
unless it was built for release."""

import gdb

FOREVER = 2**63 - 1
FRAMES_MAX = 64

# How cup_switch() leaves a stack: where each register lies above the saved
# stack pointer, and how much of the stack that is.
SAVED = {
    'x86-64': (
        {'r15': 0, 'r14': 8, 'r13': 16, 'r12': 24, 'rbx': 32, 'rbp': 40,
         'rip': 48}, 'rsp', 56),
    'aarch64': (
        {**{f'x{19 + i}': 64 + 8 * i for i in range(12)}, 'pc': 152},
        'sp', 160),
}

# The same in the ucontext_t of the portable switch.
UCONTEXT = {
    'x86-64': {'r12': 'gregs[4]', 'r13': 'gregs[5]', 'r14': 'gregs[6]',
               'r15': 'gregs[7]', 'rbp': 'gregs[10]', 'rbx': 'gregs[11]',
               'rsp': 'gregs[15]', 'rip': 'gregs[16]'},
    'aarch64': {**{f'x{i}': f'regs[{i}]' for i in range(19, 31)},
                'sp': 'sp', 'pc': 'pc'},
}

FRAME_POINTER = {'x86-64': ('rip', 'rbp'), 'aarch64': ('pc', 'x29')}


def architecture():
    name = gdb.selected_inferior().architecture().name()
    return 'x86-64' if 'x86-64' in name else name


def ring(head, kind, member):
    """The structs of type `kind` on the intrusive list `head`."""
    struct = gdb.lookup_type('struct ' + kind)
    offset = next(f.bitpos // 8 for f in struct.fields() if f.name == member)
    link = head['next']
    while link != head.address:
        yield gdb.Value(int(link) - offset).cast(struct.pointer()).dereference()
        link = link['next']


def word_at(address):
    kind = gdb.lookup_type('unsigned long').pointer()
    return int(gdb.Value(address).cast(kind).dereference())


def saved_registers(task):
    """What the suspended task will go on with, by register; {} if unknown."""
    context, arch = task['context'], architecture()
    state = int(context['platform'])
    if state:
        return {name: int(gdb.parse_and_eval(
            f'((ucontext_t *){state})->uc_mcontext.{place}'))
            for name, place in UCONTEXT.get(arch, {}).items()}
    if arch not in SAVED:
        return {}
    places, stack_pointer, size = SAVED[arch]
    base = int(context['sp'])
    registers = {name: word_at(base + at) for name, at in places.items()}
    registers[stack_pointer] = base + size
    return registers


def bits(value):
    return int(value) & (2**64 - 1)


def load(registers):
    """Each change makes gdb look at the stack anew and perhaps choose another
    frame, whose registers would be those saved in memory."""
    for name, value in registers.items():
        gdb.newest_frame().select()
        gdb.execute(f'set ${name} = {value}', to_string=True)


def backtrace_live(registers):
    """gdb's own backtrace, with the registers loaded while it looks."""
    level = gdb.selected_frame().level()
    gdb.newest_frame().select()
    before = {name: bits(gdb.parse_and_eval(f'(unsigned long)${name}'))
              for name in registers}
    try:
        load(registers)
        return gdb.execute(f'backtrace {FRAMES_MAX}', to_string=True)
    finally:
        load(before)
        gdb.execute(f'frame {level}', to_string=True)


def symbol_name(answer):
    """The name in what `info symbol` answered, with its offset."""
    return answer.split(' in section ')[0].strip()


def backtrace_by_frames(registers):
    """By frame pointers: coarser, and good for core files."""
    pc_name, fp_name = FRAME_POINTER[architecture()]
    pc, fp, lines = registers[pc_name], registers[fp_name], []
    try:
        while pc and len(lines) < FRAMES_MAX:
            symbol = gdb.execute(f'info symbol {pc}', to_string=True)
            place = gdb.find_pc_line(pc)
            where = (f' at {place.symtab.filename}:{place.line}'
                     if place.symtab else '')
            lines.append(f'#{len(lines)}  {pc:#x} {symbol_name(symbol)}{where}\n')
            pc, fp = (word_at(fp + 8), word_at(fp)) if fp else (0, 0)
    except gdb.MemoryError:
        pass
    return ''.join(lines)


def is_core():
    return 'core dump file' in gdb.execute('info target', to_string=True)


def backtrace(task, by_frames):
    registers = saved_registers(task)
    if not registers:
        return 'no backtrace on this architecture\n'
    if by_frames:
        return backtrace_by_frames(registers)
    return backtrace_live(registers)


def describe_wait(waiter):
    text = 'waits for ' + waiter['what'].string()
    until = int(waiter['until'])
    return text + (f' until {until} ms' if until != FOREVER else '')


def describe_state(loop, task):
    if loop['thread']['current'] == task.address:
        return 'running'
    state = describe_wait(task['waiter']) if int(task['waiter']) else 'ready'
    return state + (', cancelled' if task['cancelled'] else '')


def function_of(task):
    symbol = gdb.execute(f"info symbol {int(task['fn'])}", to_string=True)
    return symbol_name(symbol) if ' in section ' in symbol else '?'


def print_task(loop, task, by_frames):
    name = task['name'].string('utf-8', 'replace') or '(no name)'
    state = describe_state(loop, task)
    gdb.write(f'task {int(task.address):#x} {name}: {function_of(task)}, '
              f'{state}\n')
    if state == 'running':
        return
    for line in backtrace(task, by_frames).splitlines():
        gdb.write(f'    {line}\n')


class CupelTasks(gdb.Command):
    """List the tasks of every cupel loop, with their backtraces.
With "frames", by following frame pointers only: no register is touched."""

    def __init__(self):
        super().__init__('cupel-tasks', gdb.COMMAND_STACK)

    def invoke(self, argument, _from_tty):
        by_frames = argument.strip() == 'frames' or is_core()
        try:
            loops = list(ring(gdb.parse_and_eval('cup_loops'), 'cupel_loop',
                              'link'))
        except gdb.error as error:
            raise gdb.GdbError(f'libcupel is not there, or has no debugging '
                               f'information: {error}')
        for loop in loops:
            gdb.write(f"loop {int(loop.address):#x}: "
                      f"{int(loop['task_count'])} tasks\n")
            for task in ring(loop['tasks'], 'cup_task', 'link'):
                print_task(loop, task, by_frames)
        if not loops:
            gdb.write('no loops\n')


CupelTasks()
