-- from: mydumper --database (restore under another name), bugs.mysql.com #59704: function whose body names its own database
-- right: copied as it is with a note, or named before anything is written
CREATE DATABASE case_58c; USE case_58c; CREATE TABLE a (id INT PRIMARY KEY); CREATE FUNCTION f () RETURNS INT READS SQL DATA RETURN (SELECT COUNT(*) FROM case_58c.a);
