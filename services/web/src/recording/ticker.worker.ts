// A worker's timer keeps its pace in a background tab, where the page's own timers and animation frames are throttled.
setInterval(() => postMessage(null), 1000 / 15);
