// Loaded into the driver of Playwright 1.65, which tells every page of Firefox which colours to prefer.
// Firefox 153 does not know the command, and does as well without it.
const stringify = JSON.stringify;
JSON.stringify = (value, ...rest) => {
  const unknown = value?.method === "emulation.setMediaFeaturesOverride";
  return stringify(unknown ? { ...value, method: "session.status", params: {} } : value, ...rest);
};
