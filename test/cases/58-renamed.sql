-- from: mydumper #449, OpenEMR #5096, bugs.mysql.com #59704 (copy under another name: what names its own database)
-- right: tables, keys, views, sequences of the copy refer to the copy; what cannot is named
CREATE DATABASE case_58; USE case_58;
CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY, a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES case_58.a (id)); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1);
CREATE FUNCTION f () RETURNS INT READS SQL DATA RETURN (SELECT COUNT(*) FROM case_58.a);
CREATE VIEW v AS SELECT case_58.f() AS n, case_58.a.id FROM case_58.a;
CREATE TRIGGER case_58.t BEFORE INSERT ON case_58.a FOR EACH ROW SET @n = (SELECT COUNT(*) FROM case_58.b);
CREATE PROCEDURE p () SELECT * FROM case_58.a;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01' DISABLE DO DELETE FROM case_58.b WHERE id < 0;
