/* Words of which lecture/programs/packed_words.py has left out what is known anyway. */

/** The words of one run's packets, in the order in which they are sent. */
export class PacketWords {
  #here = "";
  #there = "";
  readonly #reached = new Map<string, number>(); // by ends: the sequence number that comes next

  unpacked(text: string, size: number): string {
    const short = /^([<>])([A-Z ]+?)(?: seq=(\d+))?(?: ack=(\d+))?$/.exec(text);
    if (short === null) {
      const [, here, there, flags, seq, , bytes] = /^TCP (\S+) > (\S+) ([A-Z ]+) seq=(\d+) ack=(\d+)(?: (\d+) bytes)?$/.exec(text) ?? [];
      if (here !== undefined) this.#goOn(here, there!, flags!, Number(seq), Number(bytes ?? 0));
      return text;
    }
    const [, way, flags] = short;
    const [here, there] = way === ">" ? [this.#here, this.#there] : [this.#there, this.#here];
    const seq = Number(short[3] ?? this.#reached.get(`${here} ${there}`) ?? 0);
    const ack = Number(short[4] ?? this.#reached.get(`${there} ${here}`) ?? 0);
    this.#goOn(here, there, flags!, seq, size);
    return `TCP ${here} > ${there} ${flags} seq=${seq} ack=${ack}${size ? ` ${size} bytes` : ""}`;
  }

  #goOn(here: string, there: string, flags: string, seq: number, size: number): void {
    [this.#here, this.#there] = [here, there];
    this.#reached.set(`${here} ${there}`, seq + size + Number(flags.includes("SYN")) + Number(flags.includes("FIN")));
  }
}

/** What a loop that sleeps says. until: a time, or "for ever". */
export function sleepWords(until: unknown): string {
  return `nobody is ready: sleeps until ${typeof until === "number" ? `${until} s` : "somebody is"}`;
}
