/** The one alarm of an object, which is often asked for and seldom set. Touches the object's storage. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  readonly #written: () => void;
  #atMs = Number.POSITIVE_INFINITY;

  /** `written` is called for each time that it is set: that is a row. */
  constructor(storage: DurableObjectStorage, written: () => void) {
    this.#storage = storage;
    this.#written = written;
  }

  /** Only ever moves it earlier: one that fires for nothing costs less than a write per command. */
  set(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.#atMs = atMs;
    this.#written();
    void this.#storage.setAlarm(atMs);
  }

  /** It fires: the next one is another. */
  fired(): void {
    this.#atMs = Number.POSITIVE_INFINITY;
  }

  /** Where nothing will come any more one that is set for nothing would wake the object once again. */
  clear(): void {
    this.#atMs = Number.POSITIVE_INFINITY;
    void this.#storage.deleteAlarm();
  }
}
