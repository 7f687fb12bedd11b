-- Transactions, kept and given up, and what is left of them.
create table numbers(n integer primary key, text);
begin;
with recursive upto(n) as (select 1 union all select n + 1 from upto where n < 2000)
insert into numbers select n, printf('number %d', n) from upto;
commit;
begin;
delete from numbers;
rollback;
update numbers set text = upper(text) where n % 100 = 0;
create index by_text on numbers(text);
select count(*), sum(n) from numbers;
select n from numbers where text = 'NUMBER 1900';
-- What does not fit into memory is sorted in temporary files, and vacuum writes one.
pragma cache_size = 20;
create table sorted as
select a.n * 7919 % 100003 as k, printf('%032d', a.n * 31 + b.n) as pad from numbers a, numbers b where b.n <= 20;
create index by_k on sorted(k, pad);
select sum(rank * k % 1009) from (select k, row_number() over (order by pad desc, k) as rank from sorted);
delete from sorted where k % 3;
vacuum;
pragma integrity_check;
select count(*), min(pad), max(k) from sorted;
-- The disk itself, past what is mounted of it.
select name, length(readfile(name)) from fsdir('/dev') where name like '/dev/vd%';
