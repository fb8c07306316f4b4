/** Every kind of key, with rows enough for many pieces; `n` is 1 to 3000. */
export const KEY_SHAPES: Readonly<Record<string, readonly [string, string]>> = {
  integers: ['id INT PRIMARY KEY, x CHAR(60)', `SELECT n - 1500, REPEAT('x', n % 60) FROM t`],
  counters: ['id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(60)', `SELECT n - 1, REPEAT('x', n % 60) FROM t`],
  huge: ['id BIGINT UNSIGNED PRIMARY KEY, x CHAR(60)', `SELECT 18446744073709551615 - n + 1, 'x' FROM t`],
  both_ends: [
    'id BIGINT PRIMARY KEY, x CHAR(60)',
    `SELECT IF(n % 2, -9223372036854775808 + n, 9223372036854775807 - n), 'x' FROM t`,
  ],
  sparse: ['id INT PRIMARY KEY, x CHAR(60)', `SELECT IF(n < 2900, n, n * 700000), 'x' FROM t`],
  pairs: ['a INT, b SMALLINT, x CHAR(60), PRIMARY KEY (a, b)', `SELECT n % 7, n DIV 7 - 200, 'x' FROM t`],
  mixed: [
    'a INT, b VARCHAR(20), c DATE, x CHAR(60), PRIMARY KEY (a, b, c)',
    `SELECT n % 3, CONCAT('k', n % 50), DATE('2026-01-01') + INTERVAL n DAY, 'x' FROM t`,
  ],
  backwards: ['a INT, x CHAR(60), b INT, PRIMARY KEY (b, a)', `SELECT n, 'x', 9000 - n DIV 2 FROM t`],
  text_bin: [
    'k VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY, x CHAR(60)',
    `SELECT CONCAT(ELT(n % 5 + 1, 'a', 'A', 'á', '🚀', ''), n, ELT(n % 3 + 1, '', '\\\\', '\\'')), 'x' FROM t`,
  ],
  text_ci: [
    'k VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci PRIMARY KEY, x CHAR(60)',
    `SELECT CONCAT(ELT(n % 5 + 1, 'a', 'B', 'á', 'ß', 'z'), n), 'x' FROM t`,
  ],
  text_latin: [
    'k CHAR(20) CHARACTER SET latin1 COLLATE latin1_german1_ci PRIMARY KEY, x CHAR(60)',
    `SELECT CONCAT(ELT(n % 4 + 1, 'ä', 'o', 'Ö', 'u'), n), 'x' FROM t`,
  ],
  text_utf16: [
    'k VARCHAR(20) CHARACTER SET utf16 PRIMARY KEY, x CHAR(60)',
    `SELECT CONCAT('\\'', n), 'x' FROM t`,
  ],
  bytes: [
    'k VARBINARY(20) PRIMARY KEY, x CHAR(60)',
    `SELECT UNHEX(LPAD(HEX(n * 65535), ELT(n % 3 + 1, 12, 20, 40), '0')), 'x' FROM t`,
  ],
  fixed_bytes: ['k BINARY(16) PRIMARY KEY, x CHAR(60)', `SELECT UNHEX(LEFT(SHA2(n, 256), 32)), 'x' FROM t`],
  decimals: [
    'k DECIMAL(30,10), t TIMESTAMP(6), x CHAR(60), PRIMARY KEY (k, t)',
    `SELECT (n - 1500) / 7, FROM_UNIXTIME(1e9 + n / 1e6), 'x' FROM t`,
  ],
  dates: [
    'd DATETIME(3) PRIMARY KEY, x CHAR(60)',
    `SELECT DATE('1000-01-01') + INTERVAL n * 977 SECOND, 'x' FROM t`,
  ],
  odd_dates: [
    'd DATE, n INT, x CHAR(60), PRIMARY KEY (d, n)',
    `SELECT ELT(n % 4 + 1, '0000-00-00', '2023-02-31', '2024-00-10', '9999-12-31'), n, 'x' FROM t`,
  ],
  members: [
    `e ENUM('b', 'a', 'c'), n INT, x CHAR(60), PRIMARY KEY (e, n)`,
    `SELECT n % 3 + 1, n, 'x' FROM t`,
  ],
  led: [`n INT, e ENUM('b', 'a'), x CHAR(60), PRIMARY KEY (n, e)`, `SELECT n DIV 2, n % 2 + 1, 'x' FROM t`],
  floats: ['f FLOAT PRIMARY KEY, x CHAR(60)', `SELECT n / 7, 'x' FROM t`],
  keyless: ['n INT, x CHAR(60)', `SELECT n DIV 3, 'x' FROM t`],
  unique_only: ['n INT, x CHAR(60), UNIQUE (n)', `SELECT NULLIF(n % 5, 0) + n, 'x' FROM t WHERE n > 0`],
  unique_whole: ['n INT NOT NULL, x CHAR(60), UNIQUE by_n (n)', `SELECT n * 3, 'x' FROM t`],
  unique_text: [
    'a INT, k VARCHAR(20) CHARACTER SET utf8mb4 NOT NULL, b INT NOT NULL, x CHAR(60), UNIQUE `by ``k` (k, b)',
    `SELECT n % 7, CONCAT('k', n % 40), n, 'x' FROM t`,
  ],
  unique_beside: [
    `e ENUM('b', 'a', 'c'), n INT, x CHAR(60), z INT NOT NULL, PRIMARY KEY (e, n), UNIQUE (z)`,
    `SELECT n % 3 + 1, n, 'x', 5000 - n FROM t`,
  ],
  unique_and_counter: [
    `id INT AUTO_INCREMENT, e ENUM('b', 'a'), x CHAR(60), z INT NOT NULL, PRIMARY KEY (id, e), UNIQUE (z)`,
    `SELECT n, n % 2 + 1, 'x', 9000 - n FROM t`,
  ],
  unique_part: ['k VARCHAR(20) NOT NULL, x CHAR(60), UNIQUE (k(6))', `SELECT CONCAT('k', n), 'x' FROM t`],
  computed: ['id INT PRIMARY KEY, v INT AS (id * 2) VIRTUAL, x CHAR(60), KEY (v)', 'SELECT n FROM t'],
  parted: [
    'id INT PRIMARY KEY, x CHAR(60)) PARTITION BY HASH (id) PARTITIONS 3 -- (',
    `SELECT n, 'x' FROM t`,
  ],
};

/** Statements that make and fill them from `numbers.n`. */
export const createKeyShapes = Object.entries(KEY_SHAPES)
  .map(([name, [columns, rows]]) => {
    const into = name === 'computed' ? `${name} (id)` : name;
    return (
      `CREATE TABLE ${name} (${columns}\n)`.replace(/\) (PARTITION[^]*) -- \(\n\)$/, ') $1') +
      `; INSERT INTO ${into} ${rows.replace(/FROM t\b/, 'FROM (SELECT seq AS n FROM numbers.n WHERE seq <= 3000) t')}`
    );
  })
  .join(';\n');
