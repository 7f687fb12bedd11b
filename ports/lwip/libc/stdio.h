/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP includes <stdio.h> for messages that are not compiled. */
#pragma once
