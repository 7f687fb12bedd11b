# SPDX-License-Identifier: Apache-2.0
# Each command once, and what it says when it cannot.
cd /tmp
mkdir -p a/b
echo one > a/one
echo two > a/b/two
echo three >> a/one
cat a/one
cp a/one a/copy
cat a/copy a/b/two
ls a
mv a/copy a/b
ls -a a/b
ln -s b/two a/soft
cat a/soft
ln a/one a/hard
cp -r a c
ls c c/b
cp -r a a/b
cp a d
rm a
rm -r a
ls
chmod 600 c/one
touch c/new
rm c/new c/one c/hard c/soft
rmdir c
rm -rf c absent
ls /absent
cat absent; echo $?
mkdir /absent/x
rm absent
pwd
cd absent
rmdir absent
hexdump /etc/words
wc /etc/words
head -n 1 /etc/words
ls /dev/null /etc
uname
mkdir
ls -z
nonsense
true
