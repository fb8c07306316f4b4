-- from: mydumper #968 and #1934 https://github.com/mydumper/mydumper/issues/968 (triggers made under ANSI_QUOTES, qualified names, doubled quotes)
-- right: same
CREATE DATABASE case_57b; USE case_57b; CREATE TABLE t (id INT PRIMARY KEY); CREATE TABLE a (id INT);
SET sql_mode = 'ANSI_QUOTES';
CREATE TRIGGER "an""si" AFTER DELETE ON "t" FOR EACH ROW DELETE FROM "a" WHERE "id" = OLD."id";
