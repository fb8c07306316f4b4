-- from: a view one way and a foreign key the other way, the database with the key first; a third one with a key to both
-- right: all the same: a foreign key can wait for its parent, so the database with the view comes later
CREATE DATABASE case_04b_a; CREATE DATABASE case_04b_b; CREATE DATABASE case_04b_c;
CREATE TABLE case_04b_b.t (id INT PRIMARY KEY);
CREATE TABLE case_04b_a.t (id INT PRIMARY KEY, CONSTRAINT a_to_b FOREIGN KEY (id) REFERENCES case_04b_b.t (id));
CREATE TABLE case_04b_c.t (id INT PRIMARY KEY, CONSTRAINT c_to_a FOREIGN KEY (id) REFERENCES case_04b_a.t (id),
  CONSTRAINT c_to_b FOREIGN KEY (id) REFERENCES case_04b_b.t (id));
CREATE TABLE case_04b_a.u (id INT PRIMARY KEY, CONSTRAINT a_to_c FOREIGN KEY (id) REFERENCES case_04b_c.t (id));
CREATE VIEW case_04b_b.v AS SELECT id FROM case_04b_a.t;
INSERT INTO case_04b_b.t VALUES (1); INSERT INTO case_04b_a.t VALUES (1); INSERT INTO case_04b_c.t VALUES (1);
INSERT INTO case_04b_a.u VALUES (1);
