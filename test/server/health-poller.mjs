import { Agent, get } from "node:http";
import { parentPort, workerData } from "node:worker_threads";

/** Asks for /healthz again and again, and returns the milliseconds of each answer when it is told to stop. */
const agent = new Agent({ keepAlive: true });
const times = [];
let stopped = false;
parentPort.once("message", () => {
  stopped = true;
});

const ask = () =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    get(`${workerData}/healthz`, { agent }, (response) => {
      response.resume().once("end", () => {
        times.push(performance.now() - start);
        if (response.statusCode === 200) resolve();
        else reject(new Error(`status ${response.statusCode}`));
      });
    }).once("error", reject);
  });

while (!stopped) {
  await ask();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
parentPort.postMessage(times);
agent.destroy();
