// Made by `guildry contracts clients` from contracts 0.1.0; changes here are lost.
import 'package:hive_ce/hive.dart';

abstract final class Boxes {
  static const drafts = 'drafts';
  static const notifications = 'notifications';
  static const people = 'people';
  static const profile = 'profile';
  static const savedPosts = 'saved_posts';
  static const timelinePosts = 'timeline_posts';
}

void registerGuildryAdapters() {
  Hive.registerAdapter(ProfileAdapter());
  Hive.registerAdapter(AvailabilityAdapter());
  Hive.registerAdapter(SpokenLanguageAdapter());
  Hive.registerAdapter(LanguageLevelAdapter());
  Hive.registerAdapter(ProfileLinkAdapter());
  Hive.registerAdapter(NotificationAdapter());
  Hive.registerAdapter(PostAdapter());
  Hive.registerAdapter(AudienceAdapter());
  Hive.registerAdapter(ReactionKindAdapter());
  Hive.registerAdapter(LinkPreviewAdapter());
  Hive.registerAdapter(PersonAdapter());
  Hive.registerAdapter(DraftAdapter());
  Hive.registerAdapter(DraftPictureAdapter());
  Hive.registerAdapter(DraftPollAdapter());
}

class Profile {
  const Profile({
    required this.storedAt,
    required this.expiresAt,
    required this.id,
    required this.handle,
    required this.name,
    required this.headline,
    required this.portrait,
    required this.hats,
    required this.story,
    required this.place,
    this.availability,
    required this.skills,
    required this.languages,
    required this.links,
  });
  final DateTime storedAt;
  final DateTime expiresAt;
  final String id;
  final String handle;
  final String name;
  final String headline;
  final String portrait;
  final List<String> hats;
  final String story;
  final String place;
  final Availability? availability;
  final List<String> skills;
  final List<SpokenLanguage> languages;
  final List<ProfileLink> links;
}

class ProfileAdapter extends TypeAdapter<Profile> {
  @override
  final int typeId = 0;
  @override
  Profile read(BinaryReader reader) {
    final count = reader.readByte();
    final held = <int, dynamic>{for (var i = 0; i < count; i++) reader.readByte(): reader.read()};
    return Profile(
      storedAt: held[0] as DateTime,
      expiresAt: held[1] as DateTime,
      id: held[2] as String,
      handle: held[3] as String,
      name: held[4] as String,
      headline: held[5] as String,
      portrait: held[6] as String,
      hats: (held[7] as List).cast<String>(),
      story: held[8] as String,
      place: held[9] as String,
      availability: held[10] as Availability?,
      skills: (held[11] as List).cast<String>(),
      languages: (held[12] as List).cast<SpokenLanguage>(),
      links: (held[13] as List).cast<ProfileLink>(),
    );
  }
  @override
  void write(BinaryWriter writer, Profile obj) {
    writer.writeByte(14);
    writer
      ..writeByte(0)
      ..write(obj.storedAt);
    writer
      ..writeByte(1)
      ..write(obj.expiresAt);
    writer
      ..writeByte(2)
      ..write(obj.id);
    writer
      ..writeByte(3)
      ..write(obj.handle);
    writer
      ..writeByte(4)
      ..write(obj.name);
    writer
      ..writeByte(5)
      ..write(obj.headline);
    writer
      ..writeByte(6)
      ..write(obj.portrait);
    writer
      ..writeByte(7)
      ..write(obj.hats);
    writer
      ..writeByte(8)
      ..write(obj.story);
    writer
      ..writeByte(9)
      ..write(obj.place);
    writer
      ..writeByte(10)
      ..write(obj.availability);
    writer
      ..writeByte(11)
      ..write(obj.skills);
    writer
      ..writeByte(12)
      ..write(obj.languages);
    writer
      ..writeByte(13)
      ..write(obj.links);
  }
}

enum Availability { unknown, open, soon, limited, busy }

class AvailabilityAdapter extends TypeAdapter<Availability> {
  @override
  final int typeId = 1;
  @override
  Availability read(BinaryReader reader) => switch (reader.readByte()) {
      0 => Availability.unknown,
      1 => Availability.open,
      2 => Availability.soon,
      3 => Availability.limited,
      4 => Availability.busy,
      _ => Availability.unknown,
    };
  @override
  void write(BinaryWriter writer, Availability obj) => writer.writeByte(switch (obj) {
      Availability.unknown => 0,
      Availability.open => 1,
      Availability.soon => 2,
      Availability.limited => 3,
      Availability.busy => 4,
    });
}

class SpokenLanguage {
  const SpokenLanguage({
    required this.code,
    required this.level,
  });
  final String code;
  final LanguageLevel level;
}

class SpokenLanguageAdapter extends TypeAdapter<SpokenLanguage> {
  @override
  final int typeId = 2;
  @override
  SpokenLanguage read(BinaryReader reader) {
    final count = reader.readByte();
    final held = <int, dynamic>{for (var i = 0; i < count; i++) reader.readByte(): reader.read()};
    return SpokenLanguage(
      code: held[0] as String,
      level: held[1] as LanguageLevel,
    );
  }
  @override
  void write(BinaryWriter writer, SpokenLanguage obj) {
    writer.writeByte(2);
    writer
      ..writeByte(0)
      ..write(obj.code);
    writer
      ..writeByte(1)
      ..write(obj.level);
  }
}

enum LanguageLevel { unknown, native, fluent, professional, conversational, basic }

class LanguageLevelAdapter extends TypeAdapter<LanguageLevel> {
  @override
  final int typeId = 3;
  @override
  LanguageLevel read(BinaryReader reader) => switch (reader.readByte()) {
      0 => LanguageLevel.unknown,
      1 => LanguageLevel.native,
      2 => LanguageLevel.fluent,
      3 => LanguageLevel.professional,
      4 => LanguageLevel.conversational,
      5 => LanguageLevel.basic,
      _ => LanguageLevel.unknown,
    };
  @override
  void write(BinaryWriter writer, LanguageLevel obj) => writer.writeByte(switch (obj) {
      LanguageLevel.unknown => 0,
      LanguageLevel.native => 1,
      LanguageLevel.fluent => 2,
      LanguageLevel.professional => 3,
      LanguageLevel.conversational => 4,
      LanguageLevel.basic => 5,
    });
}

class ProfileLink {
  const ProfileLink({
    required this.label,
    required this.url,
  });
  final String label;
  final String url;
}

class ProfileLinkAdapter extends TypeAdapter<ProfileLink> {
  @override
  final int typeId = 4;
  @override
  ProfileLink read(BinaryReader reader) {
    final count = reader.readByte();
    final held = <int, dynamic>{for (var i = 0; i < count; i++) reader.readByte(): reader.read()};
    return ProfileLink(
      label: held[0] as String,
      url: held[1] as String,
    );
  }
  @override
  void write(BinaryWriter writer, ProfileLink obj) {
    writer.writeByte(2);
    writer
      ..writeByte(0)
      ..write(obj.label);
    writer
      ..writeByte(1)
      ..write(obj.url);
  }
}

class Notification {
  const Notification({
    required this.storedAt,
    required this.expiresAt,
    required this.id,
    required this.kind,
    required this.text,
    required this.url,
    this.actorId,
    required this.createdAt,
    required this.isRead,
    required this.isSeen,
  });
  final DateTime storedAt;
  final DateTime expiresAt;
  final String id;
  final String kind;
  final String text;
  final String url;
  final String? actorId;
  final DateTime createdAt;
  final bool isRead;
  final bool isSeen;
}

class NotificationAdapter extends TypeAdapter<Notification> {
  @override
  final int typeId = 5;
  @override
  Notification read(BinaryReader reader) {
    final count = reader.readByte();
    final held = <int, dynamic>{for (var i = 0; i < count; i++) reader.readByte(): reader.read()};
    return Notification(
      storedAt: held[0] as DateTime,
      expiresAt: held[1] as DateTime,
      id: held[2] as String,
      kind: held[3] as String,
      text: held[4] as String,
      url: held[5] as String,
      actorId: held[6] as String?,
      createdAt: held[7] as DateTime,
      isRead: held[8] as bool,
      isSeen: held[9] as bool,
    );
  }
  @override
  void write(BinaryWriter writer, Notification obj) {
    writer.writeByte(10);
    writer
      ..writeByte(0)
      ..write(obj.storedAt);
    writer
      ..writeByte(1)
      ..write(obj.expiresAt);
    writer
      ..writeByte(2)
      ..write(obj.id);
    writer
      ..writeByte(3)
      ..write(obj.kind);
    writer
      ..writeByte(4)
      ..write(obj.text);
    writer
      ..writeByte(5)
      ..write(obj.url);
    writer
      ..writeByte(6)
      ..write(obj.actorId);
    writer
      ..writeByte(7)
      ..write(obj.createdAt);
    writer
      ..writeByte(8)
      ..write(obj.isRead);
    writer
      ..writeByte(9)
      ..write(obj.isSeen);
  }
}

class Post {
  const Post({
    required this.storedAt,
    required this.expiresAt,
    required this.id,
    required this.authorId,
    required this.html,
    required this.audience,
    this.organisationId,
    this.repostOfId,
    required this.version,
    required this.publishedAt,
    this.editedAt,
    required this.reactionCount,
    required this.commentCount,
    required this.repostCount,
    this.myReaction,
    required this.isSaved,
    this.preview,
  });
  final DateTime storedAt;
  final DateTime expiresAt;
  final String id;
  final String authorId;
  final String html;
  final Audience audience;
  final String? organisationId;
  final String? repostOfId;
  final int version;
  final DateTime publishedAt;
  final DateTime? editedAt;
  final int reactionCount;
  final int commentCount;
  final int repostCount;
  final ReactionKind? myReaction;
  final bool isSaved;
  final LinkPreview? preview;
}

class PostAdapter extends TypeAdapter<Post> {
  @override
  final int typeId = 6;
  @override
  Post read(BinaryReader reader) {
    final count = reader.readByte();
    final held = <int, dynamic>{for (var i = 0; i < count; i++) reader.readByte(): reader.read()};
    return Post(
      storedAt: held[0] as DateTime,
      expiresAt: held[1] as DateTime,
      id: held[2] as String,
      authorId: held[3] as String,
      html: held[4] as String,
      audience: held[5] as Audience,
      organisationId: held[6] as String?,
      repostOfId: held[7] as String?,
      version: held[8] as int,
      publishedAt: held[9] as DateTime,
      editedAt: held[10] as DateTime?,
      reactionCount: held[11] as int,
      commentCount: held[12] as int,
      repostCount: held[13] as int,
      myReaction: held[14] as ReactionKind?,
      isSaved: held[15] as bool,
      preview: held[16] as LinkPreview?,
    );
  }
  @override
  void write(BinaryWriter writer, Post obj) {
    writer.writeByte(17);
    writer
      ..writeByte(0)
      ..write(obj.storedAt);
    writer
      ..writeByte(1)
      ..write(obj.expiresAt);
    writer
      ..writeByte(2)
      ..write(obj.id);
    writer
      ..writeByte(3)
      ..write(obj.authorId);
    writer
      ..writeByte(4)
      ..write(obj.html);
    writer
      ..writeByte(5)
      ..write(obj.audience);
    writer
      ..writeByte(6)
      ..write(obj.organisationId);
    writer
      ..writeByte(7)
      ..write(obj.repostOfId);
    writer
      ..writeByte(8)
      ..write(obj.version);
    writer
      ..writeByte(9)
      ..write(obj.publishedAt);
    writer
      ..writeByte(10)
      ..write(obj.editedAt);
    writer
      ..writeByte(11)
      ..write(obj.reactionCount);
    writer
      ..writeByte(12)
      ..write(obj.commentCount);
    writer
      ..writeByte(13)
      ..write(obj.repostCount);
    writer
      ..writeByte(14)
      ..write(obj.myReaction);
    writer
      ..writeByte(15)
      ..write(obj.isSaved);
    writer
      ..writeByte(16)
      ..write(obj.preview);
  }
}

enum Audience { unknown, everyone, connections, organisation }

class AudienceAdapter extends TypeAdapter<Audience> {
  @override
  final int typeId = 7;
  @override
  Audience read(BinaryReader reader) => switch (reader.readByte()) {
      0 => Audience.unknown,
      1 => Audience.everyone,
      2 => Audience.connections,
      3 => Audience.organisation,
      _ => Audience.unknown,
    };
  @override
  void write(BinaryWriter writer, Audience obj) => writer.writeByte(switch (obj) {
      Audience.unknown => 0,
      Audience.everyone => 1,
      Audience.connections => 2,
      Audience.organisation => 3,
    });
}

enum ReactionKind { unknown, like, celebrate, insightful, support }

class ReactionKindAdapter extends TypeAdapter<ReactionKind> {
  @override
  final int typeId = 8;
  @override
  ReactionKind read(BinaryReader reader) => switch (reader.readByte()) {
      0 => ReactionKind.unknown,
      1 => ReactionKind.like,
      2 => ReactionKind.celebrate,
      3 => ReactionKind.insightful,
      4 => ReactionKind.support,
      _ => ReactionKind.unknown,
    };
  @override
  void write(BinaryWriter writer, ReactionKind obj) => writer.writeByte(switch (obj) {
      ReactionKind.unknown => 0,
      ReactionKind.like => 1,
      ReactionKind.celebrate => 2,
      ReactionKind.insightful => 3,
      ReactionKind.support => 4,
    });
}

class LinkPreview {
  const LinkPreview({
    required this.url,
    required this.title,
    required this.description,
    required this.site,
  });
  final String url;
  final String title;
  final String description;
  final String site;
}

class LinkPreviewAdapter extends TypeAdapter<LinkPreview> {
  @override
  final int typeId = 9;
  @override
  LinkPreview read(BinaryReader reader) {
    final count = reader.readByte();
    final held = <int, dynamic>{for (var i = 0; i < count; i++) reader.readByte(): reader.read()};
    return LinkPreview(
      url: held[0] as String,
      title: held[1] as String,
      description: held[2] as String,
      site: held[3] as String,
    );
  }
  @override
  void write(BinaryWriter writer, LinkPreview obj) {
    writer.writeByte(4);
    writer
      ..writeByte(0)
      ..write(obj.url);
    writer
      ..writeByte(1)
      ..write(obj.title);
    writer
      ..writeByte(2)
      ..write(obj.description);
    writer
      ..writeByte(3)
      ..write(obj.site);
  }
}

class Person {
  const Person({
    required this.storedAt,
    required this.expiresAt,
    required this.id,
    required this.handle,
    required this.name,
    required this.headline,
    required this.portrait,
  });
  final DateTime storedAt;
  final DateTime expiresAt;
  final String id;
  final String handle;
  final String name;
  final String headline;
  final String portrait;
}

class PersonAdapter extends TypeAdapter<Person> {
  @override
  final int typeId = 10;
  @override
  Person read(BinaryReader reader) {
    final count = reader.readByte();
    final held = <int, dynamic>{for (var i = 0; i < count; i++) reader.readByte(): reader.read()};
    return Person(
      storedAt: held[0] as DateTime,
      expiresAt: held[1] as DateTime,
      id: held[2] as String,
      handle: held[3] as String,
      name: held[4] as String,
      headline: held[5] as String,
      portrait: held[6] as String,
    );
  }
  @override
  void write(BinaryWriter writer, Person obj) {
    writer.writeByte(7);
    writer
      ..writeByte(0)
      ..write(obj.storedAt);
    writer
      ..writeByte(1)
      ..write(obj.expiresAt);
    writer
      ..writeByte(2)
      ..write(obj.id);
    writer
      ..writeByte(3)
      ..write(obj.handle);
    writer
      ..writeByte(4)
      ..write(obj.name);
    writer
      ..writeByte(5)
      ..write(obj.headline);
    writer
      ..writeByte(6)
      ..write(obj.portrait);
  }
}

class Draft {
  const Draft({
    required this.storedAt,
    required this.expiresAt,
    required this.id,
    required this.body,
    required this.audience,
    this.organisationId,
    required this.pictures,
    this.poll,
    this.scheduledFor,
    required this.version,
    required this.savedAt,
  });
  final DateTime storedAt;
  final DateTime expiresAt;
  final String id;
  final String body;
  final Audience audience;
  final String? organisationId;
  final List<DraftPicture> pictures;
  final DraftPoll? poll;
  final DateTime? scheduledFor;
  final int version;
  final DateTime savedAt;
}

class DraftAdapter extends TypeAdapter<Draft> {
  @override
  final int typeId = 11;
  @override
  Draft read(BinaryReader reader) {
    final count = reader.readByte();
    final held = <int, dynamic>{for (var i = 0; i < count; i++) reader.readByte(): reader.read()};
    return Draft(
      storedAt: held[0] as DateTime,
      expiresAt: held[1] as DateTime,
      id: held[2] as String,
      body: held[3] as String,
      audience: held[4] as Audience,
      organisationId: held[5] as String?,
      pictures: (held[6] as List).cast<DraftPicture>(),
      poll: held[7] as DraftPoll?,
      scheduledFor: held[8] as DateTime?,
      version: held[9] as int,
      savedAt: held[10] as DateTime,
    );
  }
  @override
  void write(BinaryWriter writer, Draft obj) {
    writer.writeByte(11);
    writer
      ..writeByte(0)
      ..write(obj.storedAt);
    writer
      ..writeByte(1)
      ..write(obj.expiresAt);
    writer
      ..writeByte(2)
      ..write(obj.id);
    writer
      ..writeByte(3)
      ..write(obj.body);
    writer
      ..writeByte(4)
      ..write(obj.audience);
    writer
      ..writeByte(5)
      ..write(obj.organisationId);
    writer
      ..writeByte(6)
      ..write(obj.pictures);
    writer
      ..writeByte(7)
      ..write(obj.poll);
    writer
      ..writeByte(8)
      ..write(obj.scheduledFor);
    writer
      ..writeByte(9)
      ..write(obj.version);
    writer
      ..writeByte(10)
      ..write(obj.savedAt);
  }
}

class DraftPicture {
  const DraftPicture({
    required this.key,
    required this.description,
    required this.focusX,
    required this.focusY,
  });
  final String key;
  final String description;
  final int focusX;
  final int focusY;
}

class DraftPictureAdapter extends TypeAdapter<DraftPicture> {
  @override
  final int typeId = 12;
  @override
  DraftPicture read(BinaryReader reader) {
    final count = reader.readByte();
    final held = <int, dynamic>{for (var i = 0; i < count; i++) reader.readByte(): reader.read()};
    return DraftPicture(
      key: held[0] as String,
      description: held[1] as String,
      focusX: held[2] as int,
      focusY: held[3] as int,
    );
  }
  @override
  void write(BinaryWriter writer, DraftPicture obj) {
    writer.writeByte(4);
    writer
      ..writeByte(0)
      ..write(obj.key);
    writer
      ..writeByte(1)
      ..write(obj.description);
    writer
      ..writeByte(2)
      ..write(obj.focusX);
    writer
      ..writeByte(3)
      ..write(obj.focusY);
  }
}

class DraftPoll {
  const DraftPoll({
    required this.question,
    required this.options,
    required this.days,
  });
  final String question;
  final List<String> options;
  final int days;
}

class DraftPollAdapter extends TypeAdapter<DraftPoll> {
  @override
  final int typeId = 13;
  @override
  DraftPoll read(BinaryReader reader) {
    final count = reader.readByte();
    final held = <int, dynamic>{for (var i = 0; i < count; i++) reader.readByte(): reader.read()};
    return DraftPoll(
      question: held[0] as String,
      options: (held[1] as List).cast<String>(),
      days: held[2] as int,
    );
  }
  @override
  void write(BinaryWriter writer, DraftPoll obj) {
    writer.writeByte(3);
    writer
      ..writeByte(0)
      ..write(obj.question);
    writer
      ..writeByte(1)
      ..write(obj.options);
    writer
      ..writeByte(2)
      ..write(obj.days);
  }
}
