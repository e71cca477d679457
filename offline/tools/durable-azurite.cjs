// Azurite writes its index of blobs every five seconds; killed in between, it forgets what it had already acknowledged. Loaded before it
// (node --require), this makes it answer a write only when the index is on the disk, as the storage service that it stands for does. And a
// failure of which it says nothing is said to be a full disk (507) where the disk is full.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const Loki = require(path.join(__dirname, 'node_modules', 'lokijs'));

/** Room that a write needs: a block of a recording. */
const BLOCK_BYTES = 8 * 1024 * 1024;

const location = process.argv[process.argv.indexOf('--location') + 1];
const databases = new Set();
const configure = Loki.prototype.configureOptions;
Loki.prototype.configureOptions = function (...args) {
  databases.add(this);
  return configure.apply(this, args);
};

/** Writes all databases that have changed. Calls that come while one is being written share the next writing: theirs may not be in this one. */
function save() {
  const stale = [...databases].filter((database) => database.autosaveDirty() || database.throttledSavePending);
  return Promise.all(stale.map((database) => new Promise((resolve, reject) => {
    database.saveDatabase((error) => (error ? reject(error) : resolve()));
  })));
}

function isDiskFull() {
  const disk = fs.statfsSync(location);
  return disk.bavail * disk.bsize < BLOCK_BYTES;
}

const end = http.ServerResponse.prototype.end;
http.ServerResponse.prototype.end = function (...args) {
  if (this.req.method === 'GET' || this.req.method === 'HEAD') return end.apply(this, args);
  save().then(() => {
    if (this.statusCode === 500 && !this.headersSent && isDiskFull()) this.statusCode = 507;
    end.apply(this, args);
  }, (error) => {
    console.error(error);
    this.destroy(error);
  });
  return this;
};
