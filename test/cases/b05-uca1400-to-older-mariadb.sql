-- from: ddev/ddev#7906, #1902 (utf8mb4_uca1400_ai_ci makes dumps that older servers do not take); all 36 applications tried here
-- right: convert and announce, as between vendors.
CREATE DATABASE case_b05; USE case_b05;
create table t (id int not null primary key, s varchar(20)) ;
