// Made by `guildry contracts clients` from contracts 0.1.0; changes here are lost.

export class Refused extends Error {
  constructor(status, document, retryAfter) {
    super(`${status} ${document.code ?? ""}: ${document.detail ?? ""}`);
    this.status = status;
    this.document = document;
    this.code = document.code ?? "";
    this.errors = document.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

const each = (value) => (value === undefined || value === null || value === "" ? [] : [value].flat());
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

class Calling {
  constructor(origin, { token = "", attempts = 3, fetch = globalThis.fetch } = {}) {
    this.origin = origin.replace(/\/+$/, "");
    Object.assign(this, { token, attempts, fetch, etag: "" });
  }

  async *pages(name, ...given) {
    const query = typeof given.at(-1) === "object" ? given.pop() : {};
    let cursor = "";
    do {
      const page = await this[name](...given, { ...query, cursor });
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  async call(method, path, { query = {}, body, version, form = false } = {}) {
    const address = new URL(this.origin + path);
    for (const [name, value] of Object.entries(query)) for (const one of each(value)) address.searchParams.append(name, one);
    const headers = { Accept: "application/json" };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    if (method !== "GET") headers["Idempotency-Key"] = crypto.randomUUID();
    if (version) headers["If-Match"] = version;
    if (body !== undefined && !form) headers["Content-Type"] = "application/json";
    const sent = { method, headers, body: form || body === undefined ? body : JSON.stringify(body) };
    for (let attempt = 1; ; attempt++) {
      const { fetch } = this;
      const reply = await fetch(address, sent);
      if (reply.ok) {
        this.etag = reply.headers.get("ETag") ?? "";
        const text = await reply.text();
        return text ? JSON.parse(text) : undefined;
      }
      const wait = Number(reply.headers.get("Retry-After")) || undefined;
      const busy = reply.status === 429 || reply.status === 503;
      if (!busy || attempt >= this.attempts) throw new Refused(reply.status, await reply.json().catch(() => ({})), wait);
      await pause(wait ?? 1);
    }
  }
}

const part = (value) => encodeURIComponent(String(value));

export class Guildry extends Calling {
  acceptConnection(memberId) {
    return this.call("POST", `/api/v1/network/members/${part(memberId)}/connection/acceptance`);
  }
  acceptInvitation(invitationId) {
    return this.call("POST", `/api/v1/organisations/invitations/${part(invitationId)}/acceptance`);
  }
  acceptJoinRequest(requestId) {
    return this.call("POST", `/api/v1/organisations/requests/${part(requestId)}/acceptance`);
  }
  addExperience(body) {
    return this.call("POST", `/api/v1/people/me/experience`, { body });
  }
  addLanguage(body) {
    return this.call("POST", `/api/v1/people/me/languages`, { body });
  }
  addLink(body) {
    return this.call("POST", `/api/v1/people/me/links`, { body });
  }
  addPortfolioItem(body) {
    return this.call("POST", `/api/v1/people/me/portfolio`, { body, form: true });
  }
  addQualification(body) {
    return this.call("POST", `/api/v1/people/me/qualifications`, { body });
  }
  beginDraft(body) {
    return this.call("POST", `/api/v1/timeline/drafts`, { body });
  }
  beginOversight(handle, body) {
    return this.call("POST", `/api/v1/organisations/${part(handle)}/oversight`, { body });
  }
  blockMember(memberId) {
    return this.call("PUT", `/api/v1/network/members/${part(memberId)}/block`);
  }
  changeRole(handle, memberId, body) {
    return this.call("PUT", `/api/v1/organisations/${part(handle)}/people/${part(memberId)}`, { body });
  }
  chooseHats(body) {
    return this.call("PUT", `/api/v1/me/hats`, { body });
  }
  chooseMark(handle, body) {
    return this.call("POST", `/api/v1/organisations/${part(handle)}/mark`, { body, form: true });
  }
  chooseNotifications(body) {
    return this.call("PUT", `/api/v1/notifications/preferences`, { body });
  }
  choosePortrait(body) {
    return this.call("POST", `/api/v1/people/me/portrait`, { body, form: true });
  }
  choosePreferences(body) {
    return this.call("PATCH", `/api/v1/me/preferences`, { body });
  }
  chooseSkills(body) {
    return this.call("PUT", `/api/v1/people/me/skills`, { body });
  }
  chooseVisibility(body) {
    return this.call("PUT", `/api/v1/people/me/visibility`, { body });
  }
  closeOrganisation(handle) {
    return this.call("PUT", `/api/v1/organisations/${part(handle)}/closure`);
  }
  commentOnPost(postId, body) {
    return this.call("POST", `/api/v1/timeline/posts/${part(postId)}/comments`, { body });
  }
  countNewPosts(query) {
    return this.call("GET", `/api/v1/timeline/new`, { query });
  }
  countUnread() {
    return this.call("GET", `/api/v1/notifications/counters`);
  }
  declineConnection(memberId) {
    return this.call("POST", `/api/v1/network/members/${part(memberId)}/connection/refusal`);
  }
  declineInvitation(invitationId) {
    return this.call("POST", `/api/v1/organisations/invitations/${part(invitationId)}/refusal`);
  }
  declineJoinRequest(requestId) {
    return this.call("POST", `/api/v1/organisations/requests/${part(requestId)}/refusal`);
  }
  deleteComment(commentId) {
    return this.call("DELETE", `/api/v1/timeline/comments/${part(commentId)}`);
  }
  deleteFile(key) {
    return this.call("DELETE", `/api/v1/files/${part(key)}`);
  }
  deletePost(postId) {
    return this.call("DELETE", `/api/v1/timeline/posts/${part(postId)}`);
  }
  discardDraft(draftId) {
    return this.call("DELETE", `/api/v1/timeline/drafts/${part(draftId)}`);
  }
  dismissPost(postId) {
    return this.call("PUT", `/api/v1/timeline/posts/${part(postId)}/dismissal`);
  }
  dropMark(handle) {
    return this.call("DELETE", `/api/v1/organisations/${part(handle)}/mark`);
  }
  dropPortrait() {
    return this.call("DELETE", `/api/v1/people/me/portrait`);
  }
  editAvailability(body) {
    return this.call("PUT", `/api/v1/people/me/availability`, { body });
  }
  editComment(commentId, body) {
    return this.call("PUT", `/api/v1/timeline/comments/${part(commentId)}`, { body });
  }
  editExperience(entryId, body) {
    return this.call("PUT", `/api/v1/people/me/experience/${part(entryId)}`, { body });
  }
  editMe(body) {
    return this.call("PATCH", `/api/v1/me`, { body });
  }
  editOrganisation(handle, body) {
    return this.call("PATCH", `/api/v1/organisations/${part(handle)}`, { body });
  }
  editPortfolioItem(entryId, body) {
    return this.call("PUT", `/api/v1/people/me/portfolio/${part(entryId)}`, { body });
  }
  editPost(postId, body, version) {
    return this.call("PUT", `/api/v1/timeline/posts/${part(postId)}/text`, { body, version });
  }
  editQualification(entryId, body) {
    return this.call("PUT", `/api/v1/people/me/qualifications/${part(entryId)}`, { body });
  }
  editStory(body) {
    return this.call("PUT", `/api/v1/people/me/story`, { body });
  }
  endMembership(handle, memberId) {
    return this.call("DELETE", `/api/v1/organisations/${part(handle)}/people/${part(memberId)}`);
  }
  endOtherSessions() {
    return this.call("DELETE", `/api/v1/me/sessions`);
  }
  endSession(sessionId) {
    return this.call("DELETE", `/api/v1/me/sessions/${part(sessionId)}`);
  }
  followHashtag(name) {
    return this.call("PUT", `/api/v1/timeline/hashtags/${part(name)}/follow`);
  }
  followMember(memberId) {
    return this.call("PUT", `/api/v1/network/members/${part(memberId)}/follow`);
  }
  foundOrganisation(body) {
    return this.call("POST", `/api/v1/organisations`, { body });
  }
  invitePerson(handle, body) {
    return this.call("POST", `/api/v1/organisations/${part(handle)}/invitations`, { body });
  }
  issueTicket() {
    return this.call("POST", `/api/v1/realtime/tickets`);
  }
  issueToken(body) {
    return this.call("POST", `/api/v1/me/tokens`, { body });
  }
  leaveConnection(memberId) {
    return this.call("DELETE", `/api/v1/network/members/${part(memberId)}/connection`);
  }
  listBlocked(query) {
    return this.call("GET", `/api/v1/network/blocked`, { query });
  }
  listComments(postId, query) {
    return this.call("GET", `/api/v1/timeline/posts/${part(postId)}/comments`, { query });
  }
  listConnections(query) {
    return this.call("GET", `/api/v1/network/connections`, { query });
  }
  listDrafts() {
    return this.call("GET", `/api/v1/timeline/drafts`);
  }
  listFollowers(query) {
    return this.call("GET", `/api/v1/network/followers`, { query });
  }
  listFollowing(query) {
    return this.call("GET", `/api/v1/network/following`, { query });
  }
  listHashtags() {
    return this.call("GET", `/api/v1/timeline/hashtags`);
  }
  listInvitations(handle) {
    return this.call("GET", `/api/v1/organisations/${part(handle)}/invitations`);
  }
  listJoinRequests(handle) {
    return this.call("GET", `/api/v1/organisations/${part(handle)}/requests`);
  }
  listMembers(handle, query) {
    return this.call("GET", `/api/v1/organisations/${part(handle)}/people`, { query });
  }
  listMuted(query) {
    return this.call("GET", `/api/v1/network/muted`, { query });
  }
  listNotifications(query) {
    return this.call("GET", `/api/v1/notifications`, { query });
  }
  listOrganisations(query) {
    return this.call("GET", `/api/v1/organisations`, { query });
  }
  listOwnInvitations() {
    return this.call("GET", `/api/v1/organisations/mine/invitations`);
  }
  listOwnMemberships() {
    return this.call("GET", `/api/v1/organisations/mine`);
  }
  listPeople(query) {
    return this.call("GET", `/api/v1/people`, { query });
  }
  listPostVersions(postId) {
    return this.call("GET", `/api/v1/timeline/posts/${part(postId)}/versions`);
  }
  listPosts(query) {
    return this.call("GET", `/api/v1/timeline/posts`, { query });
  }
  listPostsAbout(name, query) {
    return this.call("GET", `/api/v1/timeline/hashtags/${part(name)}/posts`, { query });
  }
  listPostsBy(handle, query) {
    return this.call("GET", `/api/v1/timeline/authors/${part(handle)}/posts`, { query });
  }
  listPostsFor(handle, query) {
    return this.call("GET", `/api/v1/timeline/organisations/${part(handle)}/posts`, { query });
  }
  listReactions(postId, query) {
    return this.call("GET", `/api/v1/timeline/posts/${part(postId)}/reactions`, { query });
  }
  listRequestsReceived(query) {
    return this.call("GET", `/api/v1/network/requests/received`, { query });
  }
  listRequestsSent(query) {
    return this.call("GET", `/api/v1/network/requests/sent`, { query });
  }
  listSaved(query) {
    return this.call("GET", `/api/v1/timeline/saved`, { query });
  }
  listSessions() {
    return this.call("GET", `/api/v1/me/sessions`);
  }
  listSuggestions() {
    return this.call("GET", `/api/v1/network/suggestions`);
  }
  listTokens() {
    return this.call("GET", `/api/v1/me/tokens`);
  }
  markRead(body) {
    return this.call("POST", `/api/v1/notifications/read`, { body });
  }
  markSeen(body) {
    return this.call("POST", `/api/v1/notifications/seen`, { body });
  }
  muteMember(memberId) {
    return this.call("PUT", `/api/v1/network/members/${part(memberId)}/mute`);
  }
  pauseMail(body) {
    return this.call("PUT", `/api/v1/notifications/pause`, { body });
  }
  publishDraft(draftId) {
    return this.call("POST", `/api/v1/timeline/drafts/${part(draftId)}/publication`);
  }
  publishPost(body) {
    return this.call("POST", `/api/v1/timeline/posts`, { body });
  }
  reactToPost(postId, body) {
    return this.call("PUT", `/api/v1/timeline/posts/${part(postId)}/reaction`, { body });
  }
  readComment(commentId) {
    return this.call("GET", `/api/v1/timeline/comments/${part(commentId)}`);
  }
  readDraft(draftId) {
    return this.call("GET", `/api/v1/timeline/drafts/${part(draftId)}`);
  }
  readFile(key) {
    return this.call("GET", `/api/v1/files/${part(key)}`);
  }
  readHashtag(name) {
    return this.call("GET", `/api/v1/timeline/hashtags/${part(name)}`);
  }
  readMe() {
    return this.call("GET", `/api/v1/me`);
  }
  readNotification(notificationId) {
    return this.call("PUT", `/api/v1/notifications/${part(notificationId)}/read`);
  }
  readOrganisation(handle) {
    return this.call("GET", `/api/v1/organisations/${part(handle)}`);
  }
  readPost(postId) {
    return this.call("GET", `/api/v1/timeline/posts/${part(postId)}`);
  }
  readPostText(postId) {
    return this.call("GET", `/api/v1/timeline/posts/${part(postId)}/text`);
  }
  readPreferences() {
    return this.call("GET", `/api/v1/notifications/preferences`);
  }
  readProfile(handle) {
    return this.call("GET", `/api/v1/people/${part(handle)}`);
  }
  readRelation(memberId) {
    return this.call("GET", `/api/v1/network/members/${part(memberId)}`);
  }
  readStanding(handle) {
    return this.call("GET", `/api/v1/organisations/${part(handle)}/standing`);
  }
  readVisibility() {
    return this.call("GET", `/api/v1/people/me/visibility`);
  }
  removeExperience(entryId) {
    return this.call("DELETE", `/api/v1/people/me/experience/${part(entryId)}`);
  }
  removeLanguage(entryId) {
    return this.call("DELETE", `/api/v1/people/me/languages/${part(entryId)}`);
  }
  removeLink(entryId) {
    return this.call("DELETE", `/api/v1/people/me/links/${part(entryId)}`);
  }
  removePortfolioItem(entryId) {
    return this.call("DELETE", `/api/v1/people/me/portfolio/${part(entryId)}`);
  }
  removeQualification(entryId) {
    return this.call("DELETE", `/api/v1/people/me/qualifications/${part(entryId)}`);
  }
  renameMe(body) {
    return this.call("PUT", `/api/v1/me/handle`, { body });
  }
  renderText(body) {
    return this.call("POST", `/api/v1/timeline/rendering`, { body });
  }
  reopenOrganisation(handle) {
    return this.call("DELETE", `/api/v1/organisations/${part(handle)}/closure`);
  }
  repostPost(postId, body) {
    return this.call("POST", `/api/v1/timeline/posts/${part(postId)}/reposts`, { body });
  }
  requestConnection(memberId, body) {
    return this.call("POST", `/api/v1/network/members/${part(memberId)}/connection`, { body });
  }
  requestToJoin(handle, body) {
    return this.call("POST", `/api/v1/organisations/${part(handle)}/requests`, { body });
  }
  restorePost(postId) {
    return this.call("POST", `/api/v1/timeline/posts/${part(postId)}/restoration`);
  }
  revokeInvitation(invitationId) {
    return this.call("DELETE", `/api/v1/organisations/invitations/${part(invitationId)}`);
  }
  revokeToken(tokenId) {
    return this.call("DELETE", `/api/v1/me/tokens/${part(tokenId)}`);
  }
  saveDraft(draftId, body, version) {
    return this.call("PUT", `/api/v1/timeline/drafts/${part(draftId)}`, { body, version });
  }
  savePost(postId) {
    return this.call("PUT", `/api/v1/timeline/posts/${part(postId)}/save`);
  }
  scheduleDraft(draftId, body) {
    return this.call("PUT", `/api/v1/timeline/drafts/${part(draftId)}/schedule`, { body });
  }
  sendInvitationAgain(invitationId) {
    return this.call("POST", `/api/v1/organisations/invitations/${part(invitationId)}/sending`);
  }
  suggestSkills(query) {
    return this.call("GET", `/api/v1/people/skills`, { query });
  }
  switchHat(body) {
    return this.call("PUT", `/api/v1/me/hat`, { body });
  }
  unblockMember(memberId) {
    return this.call("DELETE", `/api/v1/network/members/${part(memberId)}/block`);
  }
  undismissPost(postId) {
    return this.call("DELETE", `/api/v1/timeline/posts/${part(postId)}/dismissal`);
  }
  unfollowHashtag(name) {
    return this.call("DELETE", `/api/v1/timeline/hashtags/${part(name)}/follow`);
  }
  unfollowMember(memberId) {
    return this.call("DELETE", `/api/v1/network/members/${part(memberId)}/follow`);
  }
  unmuteMember(memberId) {
    return this.call("DELETE", `/api/v1/network/members/${part(memberId)}/mute`);
  }
  unsavePost(postId) {
    return this.call("DELETE", `/api/v1/timeline/posts/${part(postId)}/save`);
  }
  unscheduleDraft(draftId) {
    return this.call("DELETE", `/api/v1/timeline/drafts/${part(draftId)}/schedule`);
  }
  uploadFile(body) {
    return this.call("POST", `/api/v1/files`, { body, form: true });
  }
  voteInPoll(postId, body) {
    return this.call("PUT", `/api/v1/timeline/posts/${part(postId)}/vote`, { body });
  }
  withdrawJoinRequest(requestId) {
    return this.call("DELETE", `/api/v1/organisations/requests/${part(requestId)}`);
  }
  withdrawPost(postId) {
    return this.call("POST", `/api/v1/timeline/posts/${part(postId)}/withdrawal`);
  }
  withdrawReaction(postId) {
    return this.call("DELETE", `/api/v1/timeline/posts/${part(postId)}/reaction`);
  }
  withdrawRepost(postId) {
    return this.call("DELETE", `/api/v1/timeline/posts/${part(postId)}/repost`);
  }
}
