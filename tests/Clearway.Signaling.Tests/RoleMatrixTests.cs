using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Tests;

public class RoleMatrixTests
{
    [Fact]
    public void Allows_EachRoleAndCommand_IsAsTheProtocolSays()
    {
        foreach (var command in Enum.GetValues<ControlCommand>())
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                var expected = (role, command.Text()) switch
                {
                    (Role.Organizer, _) => true,
                    (Role.Moderator, "END_ROOM") => false,
                    (Role.Moderator, _) => true,
                    (Role.Participant, "RECORD_OWN_TRACK") => true,
                    _ => false,
                };
                Assert.True(expected == RoleMatrix.Allows(role, command), $"{role}, {command.Text()}");
            }
        }
    }

    [Fact]
    public void Allows_ARoleOrCommandThatIsNotKnown_IsFalse()
    {
        Assert.False(RoleMatrix.Allows((Role)99, ControlCommand.StartRecord));
        Assert.False(RoleMatrix.Allows(Role.Organizer, (ControlCommand)99));
    }
}
