using System.Collections.Frozen;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>Which role may give which command. A command without a row is nobody's.</summary>
internal static class RoleMatrix
{
    private static readonly FrozenDictionary<ControlCommand, Role[]> Givers = new Dictionary<ControlCommand, Role[]>
    {
        [ControlCommand.StartRecord] = [Role.Organizer, Role.Moderator],
        [ControlCommand.StopRecord] = [Role.Organizer, Role.Moderator],
        [ControlCommand.RecordOwnTrack] = [Role.Organizer, Role.Moderator, Role.Participant],
        [ControlCommand.SetSpeaker] = [Role.Organizer, Role.Moderator],
        [ControlCommand.ResetSpeaker] = [Role.Organizer, Role.Moderator],
        [ControlCommand.MuteAudio] = [Role.Organizer, Role.Moderator],
        [ControlCommand.MuteVideo] = [Role.Organizer, Role.Moderator],
        [ControlCommand.GlobalMuteAudio] = [Role.Organizer, Role.Moderator],
        [ControlCommand.GlobalMuteVideo] = [Role.Organizer, Role.Moderator],
        [ControlCommand.AllowAudio] = [Role.Organizer, Role.Moderator],
        [ControlCommand.AllowVideo] = [Role.Organizer, Role.Moderator],
        [ControlCommand.KickPeer] = [Role.Organizer, Role.Moderator],
        [ControlCommand.SetPause] = [Role.Organizer, Role.Moderator],
        [ControlCommand.ResumeConference] = [Role.Organizer, Role.Moderator],
        [ControlCommand.LockRoom] = [Role.Organizer, Role.Moderator],
        [ControlCommand.Extend] = [Role.Organizer, Role.Moderator],
        [ControlCommand.Admit] = [Role.Organizer, Role.Moderator],
        [ControlCommand.Deny] = [Role.Organizer, Role.Moderator],
        [ControlCommand.EndRoom] = [Role.Organizer],
    }.ToFrozenDictionary();

    internal static bool Allows(Role role, ControlCommand command) =>
        Givers.TryGetValue(command, out var givers) && givers.Contains(role);
}
