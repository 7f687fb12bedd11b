/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two interrupt controllers of the BCM2836 and BCM2837 (Raspberry Pi 2 and 3): the cores' own one, with timers and
 * mailboxes (Broadcom, QA7 ARM Quad A7 core, revision 3.4, chapter 4), and behind it the peripherals' (BCM2835 ARM
 * Peripherals, chapter 7), whose 64 lines go to core 0. Any context; different cores need no lock.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct bcm2836_irq {
	uintptr_t local;       /* the cores' registers */
	uintptr_t peripherals; /* interrupt-controller@7e00b200's */
} bcm2836_irq_t;

enum { BCM2836_IRQ_CORES = 4, BCM2836_IRQ_LINES = 64, BCM2836_IRQ_MAILBOXES = 4 };

/** What a core is interrupted by: bits of bcm2836_irq_pending(). */
#define BCM2836_IRQ_VIRTUAL_TIMER     (1u << 3)
#define BCM2836_IRQ_MAILBOX(mailbox)  (1u << (4 + (mailbox)))
#define BCM2836_IRQ_PERIPHERALS	      (1u << 8)

/** All peripherals' lines off, what comes of them to core 0. Once. */
void bcm2836_irq_init(const bcm2836_irq_t *self);

/** The core's virtual timer on; @p mailboxes that interrupt it, and those whose interrupt is a fast one. Once a core. */
void bcm2836_irq_init_core(const bcm2836_irq_t *self, unsigned core, unsigned mailboxes, unsigned fast_mailboxes);

/** Let peripherals' @p line through. Serialized by the caller. */
void bcm2836_irq_enable(const bcm2836_irq_t *self, unsigned line);

uint32_t bcm2836_irq_pending(const bcm2836_irq_t *self, unsigned core);

/** The lowest line of the peripherals that is pending; BCM2836_IRQ_LINES: none. It stays so until its device lets go. */
unsigned bcm2836_irq_line(const bcm2836_irq_t *self);

/** Set @p bits in a core's mailbox, which interrupts it until they are taken. */
void bcm2836_irq_send(const bcm2836_irq_t *self, unsigned core, unsigned mailbox, uint32_t bits);
uint32_t bcm2836_irq_take(const bcm2836_irq_t *self, unsigned core, unsigned mailbox);

#pragma GCC visibility pop
