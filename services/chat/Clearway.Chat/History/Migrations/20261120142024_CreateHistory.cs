using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clearway.Chat.History.Migrations
{
    /// <inheritdoc />
    public partial class CreateHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "chat");

            migrationBuilder.CreateTable(
                name: "messages",
                schema: "chat",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false),
                    room = table.Column<string>(type: "text", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    sender_id = table.Column<string>(type: "text", nullable: false),
                    sender_name = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    system_data = table.Column<string>(type: "text", nullable: false),
                    security = table.Column<string>(type: "text", nullable: false),
                    sent_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_messages", x => new { x.tenant, x.room, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "rooms",
                schema: "chat",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false),
                    room = table.Column<string>(type: "text", nullable: false),
                    last_sequence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rooms", x => new { x.tenant, x.room });
                });

            migrationBuilder.CreateIndex(
                name: "IX_messages_tenant_room_id",
                schema: "chat",
                table: "messages",
                columns: new[] { "tenant", "room", "id" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "messages",
                schema: "chat");

            migrationBuilder.DropTable(
                name: "rooms",
                schema: "chat");
        }
    }
}
