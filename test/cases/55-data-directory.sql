-- from: bugs.mysql.com #76142 and Percona PS-8116 https://github.com/percona/percona-server/pull/4734 (DATA DIRECTORY of tables and partitions)
-- right: same, or named before anything is written
CREATE DATABASE case_55; USE case_55;
CREATE TABLE inno (id INT PRIMARY KEY, v INT) ENGINE = InnoDB DATA DIRECTORY = '@FOLDER@'; INSERT INTO inno VALUES (1, 1);
CREATE TABLE part (id INT PRIMARY KEY) ENGINE = InnoDB PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10) DATA DIRECTORY = '@FOLDER@', PARTITION p1 VALUES LESS THAN MAXVALUE DATA DIRECTORY = '@FOLDER@'); INSERT INTO part VALUES (1), (11);
