-- from: own find (MySQL 8 prints REGEXP in views as regexp_like; functions that both vendors have)
-- right: copied, with the same values on both vendors
CREATE DATABASE case_b21; USE case_b21;
create table t (a varchar(9), j json);
create view v1 as select a from t where a regexp '^x';
create view v2 as select x.n from t, json_table(t.j, '$[*]' columns (n int path '$')) x;
create view v3 as select st_contains(st_geomfromtext('POLYGON((0 0,0 2,2 2,2 0,0 0))'), st_geomfromtext('POINT(1 1)')) c;
