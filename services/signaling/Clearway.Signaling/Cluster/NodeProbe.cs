using Clearway.Signaling.Connections;

namespace Clearway.Signaling.Cluster;

/// <summary>
/// <c>GET /health/node/ID</c>: 204 when this node has that id and takes connections, else 404. The proxy asks it of each address in the
/// registry, so that a node is reached one by one only where its address means this very node.
/// </summary>
internal static class NodeProbe
{
    internal static void MapNodeProbe(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/health/node/{id}", (string id, NodeIdentity node, OpenConnections open) =>
            id == node.Id && !open.IsDraining ? Results.NoContent() : Results.NotFound())
        .DisableHttpMetrics();
}
