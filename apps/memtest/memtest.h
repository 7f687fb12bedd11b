/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* double_free.c: what the `debug` feature of the allocators is for. Does not come back when it works. */
int free_twice(const char *what);
