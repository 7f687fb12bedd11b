/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

enum { STATUS_PANIC = 101 }; /* the exit status of a panic */
