/** An http or https URL, or what is wrong with it in words that tell nothing of it: whoever knows it can write there. */
export const readNoticeUrl = (text: string): { readonly url: URL } | { readonly problem: string } => {
  if (!URL.canParse(text)) return { problem: 'is not a URL' };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { problem: 'is not an http or https URL' };
  if (url.username !== '' || url.password !== '')
    return { problem: 'has a user or a password in it, which is not supported' };
  return { url };
};
