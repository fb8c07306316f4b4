-- from: Tango Controls stored_proc.sql (procedures read tango.device etc.); load into a database case_b06 and copy it "as: copy"
-- right: told in the plan, copied in both.
CREATE DATABASE case_b06; USE case_b06;
create table t (a int);
create procedure p1() select * from case_b06.t;
