-- from: MDEV-26447 https://github.com/MariaDB/server/pull/2214 (dumps and Aria): an Aria table that was made without any option
-- right: same
CREATE DATABASE case_38d; USE case_38d;
CREATE TABLE plain (id INT PRIMARY KEY) ENGINE = Aria; INSERT INTO plain VALUES (1);
