using System.Globalization;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>Status and trailers in a response: as trailers, or as headers while nothing has been sent.</summary>
internal static class ResponseStatus
{
    public static void Set(IHeaderDictionary destination, Status status)
    {
        destination[ProtocolNames.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        destination[ProtocolNames.Message] = string.IsNullOrEmpty(status.Detail) ? default : PercentEncoding.Encode(status.Detail);
    }

    public static void Append(IHeaderDictionary destination, Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            destination.Append(entry.Key, BinaryHeader.Encode(entry));
        }
    }
}
