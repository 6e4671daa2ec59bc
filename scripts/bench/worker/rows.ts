// Counts the rows that an object writes: what the platform bills, an alarm that is set among them.

/** From now on every statement of the object and every alarm is counted; the function gives how many rows so far. */
export function countRows(ctx: DurableObjectState): () => number {
  const { storage } = ctx;
  const { sql } = storage;
  const exec = sql.exec.bind(sql);
  const setAlarm = storage.setAlarm.bind(storage);
  const open: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  let rows = 0;
  const settle = (): void => {
    for (const cursor of open.splice(0)) rows += cursor.rowsWritten;
  };
  Object.defineProperty(sql, "exec", {
    value: (query: string, ...bindings: unknown[]) => {
      // A cursor's count is whole once it has been read, at the latest by the next statement.
      settle();
      const cursor = exec(query, ...bindings);
      open.push(cursor);
      return cursor;
    },
  });
  Object.defineProperty(storage, "setAlarm", {
    value: (...asked: Parameters<typeof setAlarm>) => {
      rows += 1;
      return setAlarm(...asked);
    },
  });
  return () => {
    settle();
    return rows;
  };
}
