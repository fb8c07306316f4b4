-- A small shop with everything that has to survive a copy; loaded with the database selected.
CREATE TABLE customers (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  referred_by INT UNSIGNED NULL,
  note VARCHAR(40) CHARACTER SET latin1 NULL COMMENT 'as typed',
  UNIQUE KEY uq_name (name),
  CONSTRAINT fk_referred FOREIGN KEY (referred_by) REFERENCES customers (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='people';
CREATE TABLE orders (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  customer INT UNSIGNED NOT NULL,
  placed_at DATETIME(6) NOT NULL,
  total DECIMAL(12,2) NOT NULL,
  state ENUM('new','paid','sent') NOT NULL DEFAULT 'new',
  payload BLOB NULL,
  KEY by_customer (customer, placed_at),
  CONSTRAINT ck_total CHECK (total >= 0),
  CONSTRAINT fk_customer FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 AUTO_INCREMENT=5000;
CREATE TABLE audit (at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, what VARCHAR(100) NOT NULL) ENGINE=InnoDB;
INSERT INTO customers (name, referred_by, note) VALUES ('Ana', NULL, 'é'), ('Bo 🚀', 1, NULL), ('Čeněk', 1, '');
INSERT INTO orders (customer, placed_at, total, state, payload)
  SELECT 1 + seq MOD 3, '2026-01-01' + INTERVAL seq MINUTE, seq / 4, ELT(1 + seq MOD 3, 'new', 'paid', 'sent'), UNHEX(SHA2(seq, 256))
  FROM seq_1_to_1000;
CREATE SQL SECURITY INVOKER VIEW big_orders AS SELECT id, customer, total FROM orders WHERE total > 200;
CREATE VIEW big_customers AS SELECT c.name, COUNT(*) AS orders FROM big_orders b JOIN customers c ON c.id = b.customer GROUP BY c.name;
CREATE VIEW pairs AS SELECT c.id AS x, o.id AS y FROM customers c, orders o WHERE o.customer = c.id AND o.id < 5003;
DELIMITER //
CREATE TRIGGER orders_ai AFTER INSERT ON orders FOR EACH ROW BEGIN
  -- Rows that are copied must not be written down here again.
  INSERT INTO audit (what) VALUES (CONCAT('order ', NEW.id));
END//
CREATE PROCEDURE place_order(IN customer INT UNSIGNED, IN total DECIMAL(12,2))
  COMMENT 'adds one' BEGIN INSERT INTO orders (customer, placed_at, total) VALUES (customer, NOW(6), total); END//
CREATE FUNCTION with_tax(amount DECIMAL(12,2)) RETURNS DECIMAL(12,2) DETERMINISTIC RETURN amount * 1.2//
CREATE EVENT clean_audit ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DELETE FROM audit WHERE at < NOW() - INTERVAL 30 DAY//
DELIMITER ;
