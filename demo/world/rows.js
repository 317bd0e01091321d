const AT_ONCE = 2_000;
/**
 * Set-based insert: the rows travel as JSON and PostgreSQL does the rest in one statement per 2 000 rows.
 * @param select what to read from `r`, whose columns are `columns` ("id uuid, local_date date")
 */ export async function insertRows(tx, statement, rows) {
    const sql = `INSERT INTO ${statement.into} ${statement.select.replace('FROM r', `FROM jsonb_to_recordset($1::jsonb) AS r(${statement.columns})`)} ${statement.conflict ?? ''}`;
    for(let from = 0; from < rows.length; from += AT_ONCE)await tx.query(sql, [
        JSON.stringify(rows.slice(from, from + AT_ONCE))
    ]);
}
