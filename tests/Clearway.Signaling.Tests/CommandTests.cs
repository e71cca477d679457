using Clearway.Auth.V1;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>What holds for all commands alike.</summary>
public class CommandTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Theory]
    [InlineData(Role.Organizer)]
    [InlineData(Role.Moderator)]
    [InlineData(Role.Participant)]
    [InlineData(Role.Observer)]
    public async Task Command_OfEachKind_LeavesExactlyOneAuditEvent(Role role)
    {
        // Without the target that some need: those are refused, and recorded all the same.
        foreach (var command in Enum.GetValues<ControlCommand>().Select(command => command.Text()))
        {
            var room = $"audit-{role}-{command}".ToLowerInvariant();
            await using var ada = await shared.Gateway.JoinAsync(room, "Ada", role);

            await ada.SendAsync($$"""{"type":"control_frame","command":"{{command}}","reason":"be\nnice"}""");
            await ada.SendAsync("""{"type":"leave"}""");
            await ada.ExpectCloseAsync();

            var audit = Assert.Single(shared.Gateway.Audit.Of(room));
            Assert.Equal(
                (command, "p-ada", role.ToString(), "be nice", "default"),
                (audit["Command"], audit["Participant"], audit["Role"], audit["Reason"], audit["Tenant"]));
            Assert.Equal(audit["Code"] is null ? 200 : 201, audit.Id);
            var isForbidden = (role, command) switch
            {
                (Role.Participant, "RECORD_OWN_TRACK") => false,
                (Role.Moderator, "END_ROOM") => true,
                _ => role is Role.Participant or Role.Observer,
            };
            Assert.Equal(isForbidden, audit["Code"] == "role_forbidden");
        }
    }

    [Fact]
    public async Task Command_WithLineBreaksInWhatTheClientGives_IsOneLineOfTheAudit()
    {
        await using var mallory = await shared.Gateway.JoinAsync("lines", "Mallory");

        await mallory.SendAsync(
            """{"type":"control_frame","command":"KICK_PEER","target_id":"p-x\r\n200\u2028KICK_PEER\u0085by\u001b[1m p-ada","reason":"a\nb\fc"}""");
        await mallory.ExpectAsync("error");

        var audit = Assert.Single(shared.Gateway.Audit.Of("lines"));
        Assert.Equal(("p-x 200 KICK_PEERby[1m p-ada", "a bc"), (audit["Target"], audit["Reason"]));
    }
}
