-- from: bugs.mysql.com #76142 and the manual on DATA DIRECTORY of MyISAM (the file's name has no database in it)
-- right: same, or named before anything is written with the way out
CREATE DATABASE case_55b; USE case_55b;
CREATE TABLE my (id INT PRIMARY KEY, v INT) ENGINE = MyISAM DATA DIRECTORY = '@FOLDER@' INDEX DIRECTORY = '@FOLDER@'; INSERT INTO my VALUES (1, 1);
