-- from: bugs.mysql.com #110291 (4-byte characters in ENUM and SET members that no row has yet)
-- right: same members (an INSERT of the member works on the copy), or refused by name before anything is written
CREATE DATABASE case_10c CHARACTER SET utf8mb4; USE case_10c;
CREATE TABLE en (id INT PRIMARY KEY, e ENUM('🚀','b','é'), s SET('🍕','x')); INSERT INTO en VALUES (2, 'b', 'x');
