-- from: two databases with defaults that take from a sequence of the other one
-- right: refused by name in the plan: a table needs the sequence before the swap that would bring both
CREATE DATABASE case_04c_a; CREATE DATABASE case_04c_b;
CREATE SEQUENCE case_04c_a.ids; CREATE SEQUENCE case_04c_b.ids;
CREATE TABLE case_04c_a.bill (id BIGINT NOT NULL DEFAULT (NEXT VALUE FOR case_04c_b.ids) PRIMARY KEY);
CREATE TABLE case_04c_b.bill (id BIGINT NOT NULL DEFAULT (NEXT VALUE FOR case_04c_a.ids) PRIMARY KEY);
