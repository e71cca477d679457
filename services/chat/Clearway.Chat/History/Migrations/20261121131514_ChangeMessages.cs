using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clearway.Chat.History.Migrations
{
    /// <inheritdoc />
    public partial class ChangeMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "deleted_at",
                schema: "chat",
                table: "messages",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "deleted_by",
                schema: "chat",
                table: "messages",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "edited_at",
                schema: "chat",
                table: "messages",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "reactions",
                schema: "chat",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false),
                    room = table.Column<string>(type: "text", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    emoji = table.Column<string>(type: "text", nullable: false),
                    participant_id = table.Column<string>(type: "text", nullable: false),
                    reacted_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reactions", x => new { x.tenant, x.room, x.sequence, x.emoji, x.participant_id });
                    table.ForeignKey(
                        name: "FK_reactions_messages_tenant_room_sequence",
                        columns: x => new { x.tenant, x.room, x.sequence },
                        principalSchema: "chat",
                        principalTable: "messages",
                        principalColumns: new[] { "tenant", "room", "sequence" },
                        onDelete: ReferentialAction.Cascade);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "reactions",
                schema: "chat");

            migrationBuilder.DropColumn(
                name: "deleted_at",
                schema: "chat",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "deleted_by",
                schema: "chat",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "edited_at",
                schema: "chat",
                table: "messages");
        }
    }
}
