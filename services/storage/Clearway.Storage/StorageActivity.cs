using System.Diagnostics;

namespace Clearway.Storage;

/// <summary>Spans of this service.</summary>
internal static class StorageActivity
{
    public const string Name = "Clearway.Storage";

    public static readonly ActivitySource Source = new(Name);
}
