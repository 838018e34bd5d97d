import type { ComponentChildren, JSX } from "preact";

const icon = (children: ComponentChildren): JSX.Element => (
  <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    {children}
  </svg>
);

export const CheckIcon = (): JSX.Element => icon(<path d="M4 10.5 8.2 15 16 5.5" />);
export const NoneIcon = (): JSX.Element =>
  icon(<path d="M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM5.2 14.8l9.6-9.6" />);
export const SearchIcon = (): JSX.Element =>
  icon(<path d="M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM13 13l4 4" />);
export const UndoIcon = (): JSX.Element => icon(<path d="M7 4 3.5 7.5 7 11M4 7.5h7.5a4.5 4.5 0 0 1 0 9H8" />);
export const RedoIcon = (): JSX.Element =>
  icon(<path d="m13 4 3.5 3.5L13 11M16 7.5H8.5a4.5 4.5 0 0 0 0 9H12" />);
export const PreviousIcon = (): JSX.Element => icon(<path d="m12 5-5 5 5 5" />);
export const NextIcon = (): JSX.Element => icon(<path d="m8 5 5 5-5 5" />);
export const CloseIcon = (): JSX.Element => icon(<path d="m5 5 10 10M15 5 5 15" />);
export const PlusIcon = (): JSX.Element => icon(<path d="M10 4v12M4 10h12" />);
export const ListIcon = (): JSX.Element => icon(<path d="M4 5.5h12M4 10h12M4 14.5h8" />);
export const ExportIcon = (): JSX.Element =>
  icon(<path d="M10 3v9M6.5 8.5 10 12l3.5-3.5M4 14.5V17h12v-2.5" />);
export const SettingsIcon = (): JSX.Element => icon(<path d="M4 6h6M14 6h2M4 14h2M10 14h6M12 4v4M8 12v4" />);
export const HelpIcon = (): JSX.Element =>
  icon(
    <path d="M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM7.9 8a2.1 2.1 0 1 1 3.2 1.8c-.7.45-1.1.9-1.1 1.7M10 14v.1" />,
  );
export const FlagIcon = (): JSX.Element => icon(<path d="M5.5 17V3.5h9l-2 3.5 2 3.5h-9" />);
export const PictureIcon = (): JSX.Element =>
  icon(<path d="M3.5 4.5h13v11h-13zM3.5 13l4-4 3.5 3.5 2-2 3.5 3.5M13 7.5v.1" />);
export const CatalogueIcon = (): JSX.Element =>
  icon(
    <path d="M4.5 4.5A1.5 1.5 0 0 1 6 3h9.5v14H6a1.5 1.5 0 0 1-1.5-1.5zM4.5 15.5A1.5 1.5 0 0 1 6 14h9.5M8 6.5h4.5" />,
  );
