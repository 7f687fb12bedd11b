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
vacuum;
pragma integrity_check;
