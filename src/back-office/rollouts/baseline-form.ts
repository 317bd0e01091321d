export type BaselineForm = Readonly<Record<'organization' | 'source' | 'text' | 'act', string>>;
