# SPDX-License-Identifier: Apache-2.0
echo one   two 'three   four' "five  six" seven\ eight
NAME=world
echo "hello $NAME" '$NAME' \$NAME $NAME.
export A=1 B="two words"
echo $A-$B-$C-
unset A
echo $A- # not shown
echo first; echo second
echo up > /tmp/file; cat < /tmp/file
echo more >> /tmp/file
cat /tmp/file | wc
cat /etc/words | head -n 2 | wc
false; echo $?
echo $?
echo 'open
echo |
| echo
echo > 
cat < /absent
echo a > /absent/file
echo -n no line feed
echo
exit 3
echo not reached
