using Clearway.Chat.Files;
using Microsoft.EntityFrameworkCore;

namespace Clearway.Chat.History;

/// <summary>The schema <c>chat</c> of the database.</summary>
internal sealed class ChatDbContext(DbContextOptions<ChatDbContext> options) : DbContext(options)
{
    /// <summary>The PostgreSQL schema; other services may keep theirs in the same database.</summary>
    public const string Schema = "chat";

    /// <summary>Where the applied migrations are recorded.</summary>
    public const string MigrationsTable = "migrations";

    public DbSet<StoredMessage> Messages => Set<StoredMessage>();

    public DbSet<StoredReaction> Reactions => Set<StoredReaction>();

    public DbSet<StoredFile> Files => Set<StoredFile>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);

        modelBuilder.Entity<StoredMessage>(message =>
        {
            message.ToTable("messages");
            message.HasKey(m => new { m.Tenant, m.Room, m.Sequence });
            message.HasIndex(m => new { m.Tenant, m.Room, m.Id }).IsUnique();

            // For the janitor alone: next to nothing to write, and lines lie about in the order in which they were said.
            message.HasIndex(m => m.SentAt).HasMethod("brin");
            message.Property(m => m.Tenant).HasColumnName("tenant");
            message.Property(m => m.Room).HasColumnName("room");
            message.Property(m => m.Sequence).HasColumnName("sequence").ValueGeneratedNever();
            message.Property(m => m.Id).HasColumnName("id");
            message.Property(m => m.SenderId).HasColumnName("sender_id");
            message.Property(m => m.SenderName).HasColumnName("sender_name");
            message.Property(m => m.Text).HasColumnName("text");
            message.Property(m => m.SystemData).HasColumnName("system_data");
            message.Property(m => m.Security).HasColumnName("security");
            message.Property(m => m.SentAt).HasColumnName("sent_at");
            message.Property(m => m.EditedAt).HasColumnName("edited_at");
            message.Property(m => m.DeletedAt).HasColumnName("deleted_at");
            message.Property(m => m.DeletedBy).HasColumnName("deleted_by");
            message.Ignore(m => m.IsSystem);
            message.HasMany(m => m.Reactions).WithOne().HasForeignKey(r => new { r.Tenant, r.Room, r.Sequence });
        });

        modelBuilder.Entity<StoredReaction>(reaction =>
        {
            reaction.ToTable("reactions");
            reaction.HasKey(r => new { r.Tenant, r.Room, r.Sequence, r.Emoji, r.ParticipantId });
            reaction.Property(r => r.Tenant).HasColumnName("tenant");
            reaction.Property(r => r.Room).HasColumnName("room");
            reaction.Property(r => r.Sequence).HasColumnName("sequence");
            reaction.Property(r => r.Emoji).HasColumnName("emoji");
            reaction.Property(r => r.ParticipantId).HasColumnName("participant_id");
            reaction.Property(r => r.ReactedAt).HasColumnName("reacted_at");
        });

        modelBuilder.Entity<StoredFile>(file =>
        {
            file.ToTable("files");
            file.HasKey(f => new { f.Tenant, f.Room, f.Id });
            file.Property(f => f.Tenant).HasColumnName("tenant");
            file.Property(f => f.Room).HasColumnName("room");
            file.Property(f => f.Id).HasColumnName("id").ValueGeneratedNever();
            file.Property(f => f.Name).HasColumnName("name");
            file.Property(f => f.ContentType).HasColumnName("content_type");
            file.Property(f => f.Size).HasColumnName("size");
            file.Property(f => f.SenderId).HasColumnName("sender_id");
            file.Property(f => f.SenderName).HasColumnName("sender_name");
            file.Property(f => f.UploadedAt).HasColumnName("uploaded_at");
            file.Property(f => f.MessageId).HasColumnName("message_id");
        });

        modelBuilder.Entity<RoomCounter>(room =>
        {
            room.ToTable("rooms");
            room.HasKey(r => new { r.Tenant, r.Room });
            room.Property(r => r.Tenant).HasColumnName("tenant");
            room.Property(r => r.Room).HasColumnName("room");
            room.Property(r => r.LastSequence).HasColumnName("last_sequence");
            room.Property(r => r.Revision).HasColumnName("revision");
        });
    }
}
