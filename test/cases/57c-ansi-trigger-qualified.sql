-- from: mydumper #968 and #1934 https://github.com/mydumper/mydumper/issues/968 (triggers made under ANSI_QUOTES, with the name of the database)
-- right: same
CREATE DATABASE case_57c; USE case_57c; CREATE TABLE t (id INT PRIMARY KEY); CREATE TABLE a (id INT);
SET sql_mode = 'ANSI_QUOTES';
CREATE TRIGGER "case_57c"."ansi" AFTER DELETE ON "case_57c"."t" FOR EACH ROW DELETE FROM "a" WHERE "id" = OLD."id";
