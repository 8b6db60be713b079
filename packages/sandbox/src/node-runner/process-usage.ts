// Stands alone: what supervises a container uses it too.
import { readFileSync } from "node:fs";

const MB = 1024 * 1024;

/** Resident memory of a process in MiB; 0 where the system does not say. */
export function residentMb(pid: number): number {
  const pages = Number(readProcess(pid, "statm")?.split(" ")[1] ?? 0);
  return (pages * 4096) / MB;
}

/** Processor time of a process, in steps of 10 ms; `undefined` where the system does not say. */
export function computedMs(pid: number): number | undefined {
  const text = readProcess(pid, "stat");
  if (text === undefined) return undefined;
  // After the name, which may hold anything: fields 14 and 15 of proc(5), in hundredths of a second.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function readProcess(pid: number, file: "stat" | "statm"): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // The process has ended; its exit is on the way.
    return undefined;
  }
}
