import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import type { TablePreview, TableSettings } from "./client.js";

interface TableSettingsProps {
  readonly preview: TablePreview;
  /** What the reviewer corrected. */
  readonly settings: TableSettings;
  /** Whether the service still reads the table with these settings. */
  readonly isReading: boolean;
  readonly onChange: (settings: TableSettings) => void;
}

/** Shows how the service reads the table, and lets the reviewer correct what it guessed. */
export function TableSettingsRow({
  preview,
  settings,
  isReading,
  onChange,
}: TableSettingsProps): JSX.Element {
  const { kind, sheets = [] } = preview;
  const { delimiter, encoding, sheet, headerRow } = { ...preview, ...settings };
  return (
    <fieldset class="table-settings">
      <legend class="sr">How the file is read</legend>
      {kind === "xlsx" ? (
        <Choice
          label="Sheet"
          value={sheet}
          choices={sheets.map((name) => [name, name])}
          onChoice={(chosen) => onChange({ sheet: chosen })}
        />
      ) : (
        <>
          <Choice
            label="Columns divided by"
            value={delimiter}
            choices={DELIMITERS}
            onChoice={(chosen) => onChange({ ...settings, delimiter: chosen })}
          />
          <Choice
            label="Encoding"
            value={encoding}
            choices={ENCODINGS}
            onChoice={(chosen) => onChange({ ...settings, encoding: chosen })}
          />
        </>
      )}
      <Setting label="Names of the columns in row">
        {(id) => (
          <input
            id={id}
            type="number"
            min={1}
            max={MAX_ROW}
            required
            value={headerRow}
            onChange={({ currentTarget: { valueAsNumber, validity } }) => {
              if (validity.valid) onChange({ ...settings, headerRow: valueAsNumber });
            }}
          />
        )}
      </Setting>
      <span class="table-setting soft" role="status">
        {isReading && "Reading…"}
      </span>
    </fieldset>
  );
}

type Choices = readonly (readonly [value: string, label: string])[];

const DELIMITERS: Choices = [
  [",", "commas ,"],
  [";", "semicolons ;"],
  ["\t", "tabs"],
  ["|", "bars |"],
];

/** Encodings of spreadsheets and databases, with the languages that they are made for. */
const ENCODINGS: Choices = [
  ["utf-8", "UTF-8"],
  ["utf-16le", "UTF-16"],
  ["utf-16be", "UTF-16 (big-endian)"],
  ["windows-1252", "Windows-1252 (Western European)"],
  ["iso-8859-15", "ISO 8859-15 (Western European)"],
  ["macintosh", "Macintosh (Western European)"],
  ["windows-1250", "Windows-1250 (Central European)"],
  ["iso-8859-2", "ISO 8859-2 (Central European)"],
  ["windows-1257", "Windows-1257 (Baltic)"],
  ["windows-1251", "Windows-1251 (Cyrillic)"],
  ["koi8-r", "KOI8-R (Cyrillic)"],
  ["windows-1253", "Windows-1253 (Greek)"],
  ["windows-1254", "Windows-1254 (Turkish)"],
  ["windows-1255", "Windows-1255 (Hebrew)"],
  ["windows-1256", "Windows-1256 (Arabic)"],
  ["gb18030", "GB 18030 (Chinese)"],
  ["big5", "Big5 (Chinese)"],
  ["shift_jis", "Shift JIS (Japanese)"],
  ["euc-kr", "EUC-KR (Korean)"],
];

/** Maximum number of rows in Excel. */
const MAX_ROW = 1_048_576;

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: Choices;
  readonly onChoice: (value: string) => void;
}

/** Lets the reviewer choose a value. Also offers the current one if it is none of `choices`. */
function Choice({ label, value = "", choices, onChoice }: ChoiceProps): JSX.Element {
  const isKnown = choices.some(([known]) => known === value);
  const all = isKnown ? choices : [[value, value] as const, ...choices];
  return (
    <Setting label={label}>
      {(id) => (
        <select id={id} value={value} onChange={({ currentTarget }) => onChoice(currentTarget.value)}>
          {all.map(([one, name]) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Setting>
  );
}

interface SettingProps {
  readonly label: string;
  readonly children: (id: string) => ComponentChildren;
}

function Setting({ label, children }: SettingProps): JSX.Element {
  const id = useId();
  return (
    <span class="table-setting">
      <label for={id}>{label}</label>
      {children(id)}
    </span>
  );
}
