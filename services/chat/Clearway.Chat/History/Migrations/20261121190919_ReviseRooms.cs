using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clearway.Chat.History.Migrations
{
    /// <inheritdoc />
    public partial class ReviseRooms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "revision",
                schema: "chat",
                table: "rooms",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            // A room's row is written with each append: beside it there is room for its next version, and no index has to be touched.
            migrationBuilder.Sql("ALTER TABLE chat.rooms SET (fillfactor = 50)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE chat.rooms RESET (fillfactor)");

            migrationBuilder.DropColumn(
                name: "revision",
                schema: "chat",
                table: "rooms");
        }
    }
}
