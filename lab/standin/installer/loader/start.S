# Entry of both programs, and the one way from C into the BIOS. 16 bits, all segments the same.
	.code16
	.section .start, "ax"
	.globl start, bios, drive
start:
	cli
	# The BIOS may have come to 07c0:0000; the linker's addresses count from LOAD_SEGMENT.
	ljmp	$LOAD_SEGMENT, $here
here:
	movw	%cs, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	$STACK, %esp
	sti
	cld
	movb	%dl, drive
	calll	boot
halt:
	hlt
	jmp	halt

	.text
# bios(number, registers): registers are eax ebx ecx edx esi edi, es, and the flags afterwards.
bios:
	pushal
	movb	%al, number
	movl	%edx, %ebp
	movl	0(%ebp), %eax
	movl	4(%ebp), %ebx
	movl	8(%ebp), %ecx
	movl	12(%ebp), %edx
	movl	16(%ebp), %esi
	movl	20(%ebp), %edi
	movw	24(%ebp), %es
	pushl	%ebp
	jmp	1f		# the instruction below was changed: forget what was fetched of it
1:	.byte	0xcd
number:	.byte	0
	popl	%ebp
	movl	%eax, 0(%ebp)
	movl	%ebx, 4(%ebp)
	movl	%ecx, 8(%ebp)
	movl	%edx, 12(%ebp)
	pushfl
	popl	28(%ebp)
	movw	%ds, %ax
	movw	%ax, %es
	sti
	cld
	popal
	retl

	.bss
drive:	.byte	0
