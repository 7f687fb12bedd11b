/* SPDX-License-Identifier: Apache-2.0 */
/* Guarded heaps panic on misuse; no test of this binary misuses one, so that any panic ends it. */
#include <axpanic.h>
