// To be imported before the service: writes down every statement that it sends to the database, with
// its values, a line of JSON each, into the file that RECORD names.
import { appendFileSync } from 'node:fs';
import pg from 'pg';

const send = pg.Client.prototype.query;

pg.Client.prototype.query = function query(what, values, ...rest) {
  const { text, rowMode } = typeof what === 'string' ? { text: what } : what;
  const given = (Array.isArray(values) ? values : what.values) ?? [];
  const kept = given.map((value) => (Buffer.isBuffer(value) ? { bytes: value.toString('base64') } : value));
  appendFileSync(process.env.RECORD, `${JSON.stringify({ text, rowMode, values: kept })}\n`);
  return send.call(this, what, values, ...rest);
};
